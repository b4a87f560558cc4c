import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { FragmentLoaderContext } from "hls.js";
import { SegmentLoader } from "#sdk/integrations/hls-segment-loader.ts";
import { FakeSource, mediaAt, settled } from "./support/segment-fakes.ts";

const LINE = { bytesPerSecond: 100_000, firstByteMs: 50 };
/** Buffered from 0 to 20, and playing at 10. */
const MEDIA = mediaAt(10, [0, 20]);
const loadPolicy = {
  maxTimeToFirstByteMs: 60_000,
  maxLoadTimeMs: 60_000,
  timeoutRetry: null,
  errorRetry: null,
};
const CONFIG = { loadPolicy, maxRetry: 0, timeout: 0, retryDelay: 0, maxRetryDelay: 0 };

/** Loads the segment that begins at 20 s, due in 10 s, with a clock of the test's own. */
function loading(t: TestContext, more: object = {}) {
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  const source = new FakeSource();
  const loader = new SegmentLoader(source, () => MEDIA);
  const ends: string[] = [];
  const context = { url: "/5.m4s", responseType: "arraybuffer", frag: { start: 20 }, ...more };
  loader.load(context as FragmentLoaderContext, CONFIG, {
    onSuccess: () => ends.push("success"),
    onError: ({ code }) => ends.push(`error ${code}`),
    onTimeout: () => ends.push("timeout"),
  });
  const comesAt = async (at: number, bytes: number) => {
    now = at;
    await source.last.send(new Uint8Array(bytes));
  };
  const endsAt = async (at: number) => {
    now = at;
    await source.last.end();
    await settled();
  };
  const seen = () => ({ loaded: loader.stats.loaded, ...loader.stats.loading });
  return { source, loader, ends, comesAt, endsAt, seen };
}

test("Rivulet hears when playback needs the segment, and nothing of the kind of a part at the live edge", (t) => {
  assert.deepEqual(loading(t).source.last.init.playback, { dueInMs: 10_000 });
  t.mock.restoreAll();
  assert.deepEqual(loading(t, { frag: { start: 0 } }).source.last.init.playback, { dueInMs: 0 });
  t.mock.restoreAll();
  assert.deepEqual(loading(t, { part: { index: 1 } }).source.last.init.playback, undefined);
});

test("before half of the time is over the player is told of no progress: waiting is no sign of a slow line", async (t) => {
  const { source, comesAt, seen } = loading(t);
  await source.last.answer();
  await comesAt(1500, 1000);
  await comesAt(5999, 1000);
  assert.deepEqual(seen(), { loaded: 0, start: 1000, first: 0, end: 0 });
});

test("after that it is, as if the load had begun then: what stalls now is the line's own", async (t) => {
  const { source, comesAt, seen } = loading(t);
  await source.last.answer();
  await comesAt(1500, 1000);
  await comesAt(6000, 500);
  assert.deepEqual(seen(), { loaded: 1500, start: 6000, first: 6000, end: 0 });
  await comesAt(7000, 500);
  assert.deepEqual(seen(), { loaded: 2000, start: 6000, first: 6000, end: 0 });
});

test("the progress of what is needed now, and of a part at the live edge, is told as it comes", async (t) => {
  for (const more of [{ frag: { start: 10 } }, { part: { index: 1 } }]) {
    const { source, comesAt, seen } = loading(t, more);
    await source.last.answer();
    await comesAt(1200, 700);
    assert.deepEqual(seen(), { loaded: 700, start: 1000, first: 1200, end: 0 });
    t.mock.restoreAll();
  }
});

test("in the end the player sees all of it, in the time that its line would have taken", async (t) => {
  const { source, comesAt, endsAt, seen, ends } = loading(t);
  source.line = LINE;
  await source.last.answer();
  await comesAt(4000, 10_000);
  await endsAt(4001);
  assert.deepEqual(ends, ["success"]);
  assert.deepEqual(seen(), { loaded: 10_000, start: 3851, first: 3901, end: 4001 });
});

test("while nothing is known of the line the player sees the real times", async (t) => {
  const { source, comesAt, endsAt, seen } = loading(t);
  await source.last.answer();
  await comesAt(8000, 1000);
  await endsAt(8500);
  assert.deepEqual(seen(), { loaded: 1000, start: 1000, first: 8000, end: 8500 });
});

test("an answer without a body has times in their order too", async (t) => {
  const { source, endsAt, seen, ends } = loading(t);
  await source.last.answer();
  await endsAt(1300);
  assert.deepEqual(ends, ["success"]);
  assert.deepEqual(seen(), { loaded: 0, start: 1000, first: 1300, end: 1300 });
});

test("a load that fails in mid-air tells what had come", async (t) => {
  const { source, comesAt, seen, ends } = loading(t);
  await source.last.answer();
  await comesAt(1500, 1000);
  await source.last.fail(new TypeError("network"));
  await settled();
  assert.deepEqual(ends, ["error 0"]);
  assert.equal(seen().loaded, 1000);
});
