import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";

test("an error carries its code, its message and what caused it", () => {
  const cause = new TypeError("foreign");
  const error = new RivuletError("origin-failed", "The origin failed.", { cause });
  assert.ok(error instanceof Error);
  assert.equal(error.name, "RivuletError");
  assert.equal(error.code, "origin-failed");
  assert.equal(error.cause, cause);
  assert.ok(!("cause" in new RivuletError("aborted", "Stopped.")));
});
