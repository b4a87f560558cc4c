import assert from "node:assert/strict";
import { test } from "node:test";
import { minute } from "#sdk/base/time.ts";
import { poisonWorlds } from "./poison.ts";

test("of 30 viewers 6 send wrong bytes: no page gets one, and the honest are hardly slower", (context) => {
  const worlds = poisonWorlds({ seed: 1, peers: 30, bytes: 10_000_000, untilMs: 3 * minute }, () => {});
  context.diagnostic(`p90 ${worlds.p90OverNone} of that without poison, ${worlds.bans} bans`);
  assert.equal(worlds.wrongBytesDelivered, 0);
  assert.equal(worlds.poisoned.honestMs.length, 24);
  assert.ok(worlds.bans > 0, "the poisoners were found out");
  assert.equal(worlds.honestBans, 0);
  assert.ok(worlds.p90OverNone <= 1.3, `${worlds.p90OverNone}`);
});
