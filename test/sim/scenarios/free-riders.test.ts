import assert from "node:assert/strict";
import { test } from "node:test";
import { minute } from "#sdk/base/time.ts";
import { freeRiderWorlds } from "./free-riders.ts";

test("of 40 viewers 12 never upload: contributors are at most a tenth slower than without them", (context) => {
  const worlds = freeRiderWorlds({ seed: 1, peers: 40, bytes: 10_000_000, untilMs: 3 * minute }, () => {});
  context.diagnostic(`contributors' p90 ${worlds.contributorsP90OverNone} of that without free riders`);
  assert.equal(worlds.ridden.contributorsMs.length, 28);
  assert.ok(worlds.contributorsP90OverNone <= 1.1, `${worlds.contributorsP90OverNone}`);
});
