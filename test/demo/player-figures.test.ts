import assert from "node:assert/strict";
import { test } from "node:test";
import { bufferedAhead, totalSeconds } from "#demo/src/player/buffer-ahead.ts";
import { clockTime, formatSeconds } from "#demo/src/player/clock-time.ts";
import { isAtEdge } from "#demo/src/player/live-edge.ts";

function ranges(...pairs: readonly (readonly [number, number])[]): TimeRanges {
  const at = (index: number, end: 0 | 1): number => pairs[index]?.[end] ?? Number.NaN;
  return { length: pairs.length, start: (index) => at(index, 0), end: (index) => at(index, 1) };
}

test("what lies ahead ends where the range that plays does, not where another one does", () => {
  const buffered = ranges([0, 8], [20, 36]);
  assert.equal(bufferedAhead({ currentTime: 3, buffered }), 5);
  assert.equal(bufferedAhead({ currentTime: 24, buffered }), 12);
});

test("in a gap nothing lies ahead, but a hair before a range all of it does", () => {
  const buffered = ranges([0.05, 8], [20, 36]);
  assert.equal(bufferedAhead({ currentTime: 12, buffered }), 0);
  assert.equal(bufferedAhead({ currentTime: 8, buffered }), 0);
  assert.equal(bufferedAhead({ currentTime: 0, buffered }), 8);
});

test("what was played is the sum of its ranges", () => {
  assert.equal(totalSeconds(ranges()), 0);
  assert.equal(totalSeconds(ranges([0, 4], [10, 13.5])), 7.5);
});

test("live is what the player aims at and up to three seconds more, unless it is paused", () => {
  const situation = { latencySeconds: 9, targetSeconds: 6, isPaused: false };
  assert.equal(isAtEdge(situation), true);
  assert.equal(isAtEdge({ ...situation, latencySeconds: 9.1 }), false);
  assert.equal(isAtEdge({ ...situation, isPaused: true }), false);
  assert.equal(isAtEdge({ ...situation, targetSeconds: null }), false);
});

test("the clock is UTC to the tenth of a second, as the channel's picture has it", () => {
  assert.equal(clockTime(new Date("2026-11-27T04:05:06.789Z")), "04:05:06.7");
  assert.equal(formatSeconds(6.04), "6.0 s");
});
