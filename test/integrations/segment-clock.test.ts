import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dueInMs, loadTimes } from "#sdk/integrations/segment-clock.ts";
import { mediaAt } from "./support/segment-fakes.ts";

test("a segment is due when playback gets there", () => {
  assert.equal(dueInMs(mediaAt(10, [0, 30]), 30), 20_000);
  assert.equal(dueInMs(mediaAt(10.5, [8, 12]), 12), 1500);
});

test("what playback has reached or passed is due now", () => {
  for (const at of [0, 9, 10]) assert.equal(dueInMs(mediaAt(10, [0, 30]), at), 0);
});

test("where nothing is buffered playback waits for whatever is asked for", () => {
  assert.equal(dueInMs(undefined, 30), 0);
  assert.equal(dueInMs(null, 30), 0);
  assert.equal(dueInMs(mediaAt(10), 30), 0, "nothing at all");
  assert.equal(dueInMs(mediaAt(50, [0, 30]), 54), 0, "it seeked ahead");
  assert.equal(dueInMs(mediaAt(5, [20, 30]), 9), 0, "it seeked back");
  assert.equal(dueInMs(mediaAt(30, [0, 30]), 30), 0, "it came to the end");
});

test("a gap that players skip is none, and a longer one is", () => {
  assert.equal(dueInMs(mediaAt(9.9, [0, 9.8], [10, 30]), 30), 20_100);
  assert.equal(dueInMs(mediaAt(0, [0.3, 4]), 4), 4000, "the first segment begins a little late");
  assert.equal(dueInMs(mediaAt(7, [0, 6], [10, 30]), 30), 0);
});

test("whichever of several stretches playback is in, it counts", () => {
  assert.equal(dueInMs(mediaAt(45, [0, 10], [40, 50]), 50), 5000);
  assert.equal(dueInMs(mediaAt(5, [0, 10], [40, 50]), 10), 5000);
});

test("fast playback gets there sooner; slow playback may be fast again in a moment", () => {
  const at = (playbackRate: number) => dueInMs({ ...mediaAt(10, [0, 30]), playbackRate }, 30);
  assert.deepEqual([1, 2, 0.5, 0].map(at), [20_000, 10_000, 20_000, 20_000]);
});

const real = fc
  .tuple(fc.nat(100_000), fc.nat(20_000), fc.nat(20_000))
  .map(([start, first, rest]) => ({ start, first: start + first, end: start + first + rest }));

test("a player sees a load as long as the line takes for it, whenever it really came", () => {
  const line = { bytesPerSecond: 250_000, firstByteMs: 80 };
  fc.assert(
    fc.property(real, fc.integer({ min: 1, max: 10_000_000 }), (times, bytes) => {
      const { start, first, end } = loadTimes(times, bytes, line);
      assert.equal(end, times.end, "it ends when it did");
      assert.ok(Math.abs((bytes * 1000) / (end - first) - line.bytesPerSecond) < 1);
      assert.ok(Math.abs(first - start - line.firstByteMs) < 1e-6);
    }),
  );
});

test("before anything is known of the line, real times stand", () => {
  fc.assert(
    fc.property(real, fc.nat(), (times, bytes) =>
      assert.deepEqual(loadTimes(times, bytes, undefined), times),
    ),
  );
});
