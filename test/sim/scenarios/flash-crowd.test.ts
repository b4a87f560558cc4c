import assert from "node:assert/strict";
import { test } from "node:test";
import { crowdWorlds } from "./flash-crowd.ts";

test("40 viewers of one film take 3 copies from the origin at most, and the slowest is no slower than alone", (context) => {
  const worlds = crowdWorlds({ seed: 1, peers: 40, bytes: 20_000_000 }, () => {});
  const told = `${worlds.copies.toFixed(2)} copies, slowest ${worlds.slowestOverAlone.toFixed(3)} of alone, late ${worlds.lateShare}`;
  context.diagnostic(told);
  assert.equal(worlds.unfinished, 0);
  assert.ok(worlds.copies <= 3, told);
  assert.ok(worlds.slowestOverAlone <= 1, told);
});
