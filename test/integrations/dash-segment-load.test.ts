import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { DashProgress, DashRequest } from "#sdk/integrations/dash-api.ts";
import { DashSegmentLoad } from "#sdk/integrations/dash-segment-load.ts";
import { Attempt, START } from "./support/dash-fakes.ts";
import { FakeSource, settled, timersOpen } from "./support/segment-fakes.ts";

const URL = "https://cdn.example/film/7.m4s";
const PART = new Uint8Array(1000).fill(7);

/** A load on a clock that the test moves. */
function load(t: TestContext, more: Partial<DashRequest> = {}, source = new FakeSource()) {
  const clock = { now: 5000 };
  t.mock.method(performance, "now", () => clock.now);
  const attempt = new Attempt(URL, more);
  const { request, response } = attempt;
  let overs = 0;
  const onOver = () => void overs++;
  const loading = new DashSegmentLoad({ source, request, response, dueMs: 1500, onOver });
  return { source, clock, attempt, loading, overs: () => overs };
}

test("dash.js is given the bytes, the status, the headers and the real address, and is told once that it ended", async (t) => {
  const { source, attempt, overs } = load(t);
  assert.deepEqual(source.last.init.playback, { dueInMs: 1500 });
  const head = { status: 206, statusText: "Partial Content", headers: { "Content-Type": "video/mp4" } };
  await source.last.answer(head, "https://edge.example/7");
  await source.last.send(PART, PART);
  assert.deepEqual(attempt.told, []);
  assert.equal(attempt.response.status, 0, "as an XMLHttpRequest: nothing before the end");
  await source.last.end();
  const { url, status, statusText, headers, data } = attempt.response;
  assert.deepEqual([url, status, statusText], ["https://edge.example/7", 206, "Partial Content"]);
  assert.deepEqual(headers, { "content-type": "video/mp4" });
  assert.deepEqual(new Uint8Array(data ?? new ArrayBuffer(0)), new Uint8Array(2000).fill(7));
  assert.deepEqual(attempt.told, ["loadend"]);
  assert.equal(overs(), 1);
});

test("the buffer is the player's own: detaching it leaves the source's bytes alone", async (t) => {
  const { source, attempt } = load(t);
  await source.last.give(PART);
  const { data } = attempt.response;
  structuredClone(data, { transfer: data ? [data] : [] });
  assert.equal(PART.byteLength, 1000);
});

test("headers, such as a byte range, and credentials are passed on, but no header without a value", async (t) => {
  const { source } = load(t, { headers: { Range: "bytes=100-199", "CMCD-Object": "" } });
  assert.deepEqual([...source.last.headers], [["range", "bytes=100-199"]]);
  assert.equal(source.last.init.credentials, "same-origin");
  assert.equal(load(t, { credentials: "include" }).source.last.init.credentials, "include");
  assert.deepEqual([...load(t, { headers: undefined }).source.last.headers], []);
});

test("progress comes with the first byte, then in steps of at least 50 ms, and at the end", async (t) => {
  const { source, clock, attempt } = load(t);
  await source.last.answer({ headers: { "Content-Length": "4000" } });
  for (const ms of [300, 30, 30, 30]) {
    clock.now += ms;
    await source.last.send(PART);
  }
  await source.last.end();
  assert.deepEqual(attempt.progress, [
    { loaded: 1000, total: 4000, lengthComputable: true, time: 300 },
    { loaded: 3000, total: 4000, lengthComputable: true, time: 60 },
    { loaded: 4000, total: 4000, lengthComputable: true, time: 30 },
  ]);
});

test("an end that brings nothing new is no progress", async (t) => {
  const { source, attempt } = load(t);
  await source.last.answer({ headers: { "Content-Length": "1000" } });
  await source.last.send(PART);
  await source.last.end();
  assert.equal(attempt.progress.length, 1);
  assert.deepEqual(attempt.told, ["loadend"]);
});

test("a length that is not told is not made up before the end", async (t) => {
  const { source, clock, attempt } = load(t);
  await source.last.answer();
  await source.last.send(PART);
  clock.now += 10;
  await source.last.send(PART);
  await source.last.end();
  assert.deepEqual(
    attempt.progress.map(({ total, lengthComputable }) => [total, lengthComputable]),
    [
      [0, false],
      [2000, true],
    ],
  );
});

test("once the line is known, traces and times are the line's: a stored segment is not infinitely fast, a wait not slow", async (t) => {
  for (const waitMs of [0, 9000]) {
    const source = new FakeSource();
    source.line = { bytesPerSecond: 10_000, firstByteMs: 40 };
    const { clock, attempt } = load(t, {}, source);
    await source.last.answer({ headers: { "Content-Length": "3000" } });
    clock.now += waitMs;
    await source.last.send(PART);
    clock.now += waitMs;
    await source.last.send(PART, PART);
    await source.last.end();
    const { fragment, progress, response } = attempt;
    assert.equal(
      progress.reduce((sum, { time }) => sum + time, 0),
      340,
    );
    assert.equal(fragment.firstByteDate.getTime() - fragment.startDate.getTime(), 40);
    const end = clock.now;
    const timing = {
      startTime: end - 340,
      responseStart: end - 300,
      responseEnd: end,
      duration: 340,
      encodedBodySize: 3000,
    };
    assert.deepEqual(fragment.resourceTimingValues, { ...timing, transferSize: 3000, decodedBodySize: 3000 });
    assert.deepEqual(response.resourceTiming, timing);
    t.mock.restoreAll();
  }
});

test("before the line is known, the times are dash.js's own, and not those of one of Rivulet's requests", async (t) => {
  const { source, clock, attempt } = load(t);
  clock.now += 100;
  await source.last.answer();
  await source.last.send(PART);
  clock.now += 100;
  await source.last.end();
  const { fragment, response } = attempt;
  assert.equal(fragment.resourceTimingValues, undefined);
  assert.deepEqual([fragment.startDate, fragment.firstByteDate], [START, START]);
  const { now } = clock;
  assert.deepEqual(response.resourceTiming, {
    startTime: now - 200,
    responseStart: now - 100,
    responseEnd: now,
    duration: 200,
    encodedBodySize: 1000,
  });
});

test("an answer with an error status is given with its status and body, for dash.js to judge", async (t) => {
  const { source, attempt } = load(t);
  await source.last.give(PART, { status: 404, statusText: "Not Found" });
  assert.deepEqual([attempt.response.status, attempt.response.statusText], [404, "Not Found"]);
  assert.deepEqual(attempt.told, ["loadend"]);
});

test("a request that fails, and a body that breaks off, end without a status, as a failure of the network does", async (t) => {
  for (const isAnswered of [false, true]) {
    const { source, attempt, overs } = load(t);
    if (isAnswered) {
      await source.last.answer();
      await source.last.send(PART);
    }
    await source.last.fail(new TypeError("Failed to fetch"));
    assert.deepEqual(attempt.told, ["loadend"]);
    assert.deepEqual([attempt.response.status, attempt.response.data], [0, null]);
    assert.equal(overs(), 1);
  }
});

test("aborting ends the request at once and tells nothing but the abort", async (t) => {
  const { source, attempt, overs } = load(t);
  await source.last.answer();
  await source.last.send(PART);
  attempt.abort();
  attempt.abort();
  assert.equal(source.open, 0);
  await settled();
  assert.deepEqual(attempt.told, ["abort"]);
  assert.equal(attempt.progress.length, 1);
  assert.equal(overs(), 1);
});

test("a load that a listener of its progress aborts ends there, also with the last step", async (t) => {
  for (const bytes of [1000, 2000]) {
    const { source, attempt } = load(t);
    const onprogress = ({ loaded }: DashProgress) => {
      if (loaded === bytes) attempt.abort();
    };
    Object.assign(attempt.request.customData, { onprogress });
    await source.last.answer({ headers: { "Content-Length": "2000" } });
    await source.last.send(PART, PART).catch(() => {});
    await source.last.end().catch(() => {});
    assert.deepEqual(attempt.told, ["abort"]);
    assert.equal(source.open, 0);
    assert.equal(attempt.response.data, null);
  }
});

for (const comes of ["a part", "the end"]) {
  test(`a load that was dropped tells and gives nothing more when ${comes} comes, as the source is deaf to it`, async (t) => {
    const source = new FakeSource();
    const deaf = new TransformStream<Uint8Array, Uint8Array>();
    const writer = deaf.writable.getWriter();
    t.mock.method(source, "fetch", async () => new Response(deaf.readable));
    const { attempt, loading, clock } = load(t, {}, source);
    await writer.write(PART);
    await writer.write(PART);
    await settled();
    assert.equal(attempt.progress.length, 1);
    loading.drop();
    clock.now += 500;
    if (comes === "a part") writer.write(PART).catch(() => {});
    writer.close().catch(() => {});
    await settled();
    assert.equal(attempt.progress.length, 1);
    assert.deepEqual(attempt.told, []);
    assert.equal(attempt.response.data, null);
  });
}

test("a request that takes longer than dash.js allows is told as a timeout and as ended", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { source, attempt } = load(t, { timeout: 20_000 });
  await source.last.answer({ headers: { "Content-Length": "3000" } });
  await source.last.send(PART);
  t.mock.timers.tick(19_999);
  assert.equal(source.open, 1);
  t.mock.timers.tick(1);
  assert.equal(source.open, 0);
  assert.deepEqual(attempt.told, ["timeout 1000/3000", "loadend"]);
  assert.equal(attempt.response.status, 0);
});

test("a load that ended, in whatever way, leaves no timer and no request", async (t) => {
  const before = timersOpen();
  const done = load(t, { timeout: 20_000 });
  assert.equal(timersOpen(), before + 1);
  await done.source.last.give(PART);
  const failed = load(t, { timeout: 20_000 });
  await failed.source.last.fail(new TypeError());
  const aborted = load(t, { timeout: 20_000 });
  aborted.attempt.abort();
  const dropped = load(t, { timeout: 20_000 });
  dropped.loading.drop();
  dropped.loading.drop();
  assert.deepEqual([dropped.overs(), dropped.attempt.told], [1, []]);
  assert.equal(timersOpen(), before);
  for (const { source } of [done, failed, aborted, dropped]) assert.equal(source.open, 0);
});
