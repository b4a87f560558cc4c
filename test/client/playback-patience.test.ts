import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { patienceOf } from "#sdk/client/playback-patience.ts";

/** hls.js and Shaka give a request up whose first byte takes so long, ms. */
const PLAYERS_GIVE_UP_MS = 10_000;

const segment = fc.record({
  bytes: fc.integer({ min: 1, max: 20_000_000 }),
  line: fc.record({
    bytesPerSecond: fc.integer({ min: 10_000, max: 100_000_000 }),
    firstByteMs: fc.integer({ min: 0, max: 8000 }),
  }),
  strangersMs: fc.integer({ min: 0, max: 5000 }),
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
});
const dueInMs = fc.integer({ min: 0, max: 120_000 });
const SMALL = { bytes: 1000, line: { bytesPerSecond: 1e9, firstByteMs: 0 }, strangersMs: 5000, share: 1 };

test("what playback stands still for waits for nobody, seen or not", () => {
  fc.assert(
    fc.property(segment, (one) => {
      const { firstByteMs, strangersMs } = patienceOf({ dueInMs: 0 }, one);
      assert.deepEqual([firstByteMs, strangersMs], [0, 0]);
    }),
  );
});

test("the later a segment is due, the longer it may wait, up to what players bear", () => {
  fc.assert(
    fc.property(segment, dueInMs, dueInMs, (one, some, more) => {
      const waits = (due: number) => patienceOf({ dueInMs: due }, one).firstByteMs;
      assert.ok(waits(some + more) >= waits(some));
      assert.ok(waits(some) >= 0 && waits(some) < PLAYERS_GIVE_UP_MS);
    }),
  );
  assert.ok(
    patienceOf({ dueInMs: 3000 }, SMALL).firstByteMs > patienceOf({ dueInMs: 2000 }, SMALL).firstByteMs,
  );
  assert.ok(patienceOf({ dueInMs: 1e9 }, SMALL).firstByteMs > 1000);
});

test("whatever waits leaves the origin the time to send all of it before it is due, and some to spare", () => {
  fc.assert(
    fc.property(segment, dueInMs, (one, due) => {
      const { firstByteMs } = patienceOf({ dueInMs: due }, one);
      if (firstByteMs === 0) return;
      const sendingMs = (one.bytes * 1000) / one.line.bytesPerSecond;
      // The engine asks the origin up to a second before it is to send.
      const answersMs = Math.max(0, one.line.firstByteMs - 1000);
      assert.ok(firstByteMs + answersMs + sendingMs < due, `${firstByteMs} + ${answersMs} + ${sendingMs}`);
    }),
  );
});

test("however fast the line, some time is left to decode what came, and for surprises", () => {
  for (const due of [500, 1000, 5000])
    assert.ok(
      patienceOf({ dueInMs: due }, SMALL).firstByteMs <= due - 100,
      `${due} ms: a hundred at the least`,
    );
});

test("a segment that the line could hardly bring in time waits for nobody", () => {
  const slow = { ...SMALL, bytes: 1_000_000, line: { bytesPerSecond: 100_000, firstByteMs: 0 } };
  assert.equal(patienceOf({ dueInMs: 11_000 }, slow).firstByteMs, 0);
  const late = { ...SMALL, line: { bytesPerSecond: 1e9, firstByteMs: 6000 } };
  assert.equal(patienceOf({ dueInMs: 5000 }, late).firstByteMs, 0);
});

test("strangers are hoped for no longer than peers, nor than the page would for a file", () => {
  fc.assert(
    fc.property(segment, dueInMs, (one, due) => {
      const { firstByteMs, strangersMs } = patienceOf({ dueInMs: due }, one);
      assert.equal(strangersMs, Math.min(firstByteMs, one.strangersMs));
    }),
  );
});

test("of the time that it could wait it waits the share that paid off lately, at the pace of its line", () => {
  const [half, whole] = [0.5, 1].map((share) => patienceOf({ dueInMs: 5000 }, { ...SMALL, share }));
  assert.ok(whole && half && half.firstByteMs > 0);
  assert.equal(half.firstByteMs, whole.firstByteMs / 2);
  assert.equal(whole.minBytesPerSecond, 1e9);
});

test("of a request for more than is needed only what is needed counts", () => {
  fc.assert(
    fc.property(segment, dueInMs, fc.integer({ min: 1, max: 20_000_000 }), (one, due, bytes) => {
      const needed = patienceOf({ dueInMs: due }, { ...one, bytes: Math.min(bytes, one.bytes) });
      assert.deepEqual(patienceOf({ dueInMs: due, bytes }, one), needed);
    }),
  );
});
