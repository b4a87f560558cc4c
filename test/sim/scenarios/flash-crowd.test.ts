import assert from "node:assert/strict";
import { test } from "node:test";
import { crowdWorlds } from "./flash-crowd.ts";

/*
 * In a small world of few bytes the first seconds weigh more than in the scenario's: viewers who know nobody yet wait up to
 * 2.5 s for peers, of the 32 s that 20 MB take on the slowest line, and turn to the origin for their first piece.
 */
test("40 viewers of one film take 2 copies from the origin at most, and the slowest is hardly slower than alone", (context) => {
  const worlds = crowdWorlds({ seed: 1, peers: 40, bytes: 20_000_000 }, () => {});
  const told = `${worlds.copies.toFixed(2)} copies, slowest ${worlds.slowestOverAlone.toFixed(3)} of alone, late ${worlds.lateShare}`;
  context.diagnostic(told);
  assert.equal(worlds.unfinished, 0);
  assert.ok(worlds.copies <= 2, told);
  assert.ok(worlds.slowestOverAlone <= 1.25, told);
});
