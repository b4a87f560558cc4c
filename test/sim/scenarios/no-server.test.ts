import assert from "node:assert/strict";
import { test } from "node:test";
import { minute } from "#sdk/base/time.ts";
import { serverlessWorld } from "./no-server.ts";

test("the tracker vanishes, and newcomers who know one peer all finish", (context) => {
  const result = serverlessWorld({ seed: 1, peers: 40, bytes: 40_000_000, untilMs: 3 * minute }, () => {});
  context.diagnostic(`${result.newcomersMs.length} of ${result.newcomers} newcomers finished`);
  assert.equal(result.othersMs.length, result.others);
  assert.equal(result.newcomersMs.length, result.newcomers);
});
