import assert from "node:assert/strict";
import { test } from "node:test";
import { minute } from "#sdk/base/time.ts";
import { percentile } from "../tool/percentile.ts";
import { timedWorld } from "./cost.ts";

test("the steps of a small world are counted and timed, and everybody in it finishes", (context) => {
  const { swarm, tookMs } = timedWorld(
    { seed: 1, peers: 20, bytes: 5_000_000, untilMs: 3 * minute },
    () => {},
  );
  const { steps, stepsPerSecond } = swarm.world.stopwatch;
  context.diagnostic(`${Math.round(stepsPerSecond)} steps a second`);
  assert.equal(tookMs.length, 20);
  assert.ok(percentile(tookMs, 1) > 0);
  const perPiece = steps / (20 * swarm.content.geometry.pieceCount);
  // Wall time says nothing on a busy machine, how many steps a piece takes does: a chunk in and out, its news, its hash.
  assert.ok(perPiece > 4 && perPiece < 60, `${perPiece} steps a piece`);
});
