import assert from "node:assert/strict";
import { test } from "node:test";
import { minute } from "#sdk/base/time.ts";
import { churnWorld } from "./churn.ts";

test("of 20 viewers half leave and others come: all that stay finish, and no byte is lost", () => {
  const result = churnWorld({ seed: 1, peers: 20, bytes: 10_000_000, untilMs: 3 * minute }, () => {});
  assert.ok(result.left >= 5, `${result.left} left`);
  assert.equal(result.tookMs.length, result.stayed);
  assert.equal(result.lostBytes, 0);
});
