import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { rivuletShaka } from "#sdk/integrations/shaka.ts";
import { FakeSource, settled, timersOpen } from "./support/segment-fakes.ts";
import { CODES, FakePlayer, FakeShaka, ShakaError } from "./support/shaka-fakes.ts";

const URI = "https://cdn.example/film/7.m4s";
const PART = new Uint8Array(1000).fill(7);

/** A player that loads through a Rivulet, on a clock that the test moves. */
function attached(t: TestContext) {
  const clock = { now: 5000 };
  t.mock.method(performance, "now", () => clock.now);
  const library = new FakeShaka();
  const player = new FakePlayer(library);
  const source = new FakeSource();
  t.after(rivuletShaka(player, source, library));
  return { player, source, clock };
}

async function fault(promise: Promise<unknown>): Promise<ShakaError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof ShakaError, `no Shaka error but ${error}`);
  assert.equal(error.severity, ShakaError.Severity.RECOVERABLE);
  assert.equal(error.category, ShakaError.Category.NETWORK);
  return error;
}

test("Shaka is given the bytes, the status, the headers and the real addresses, also of a redirect", async (t) => {
  const { player, source } = attached(t);
  const { promise, headers, request } = player.request([URI]);
  await source.last.answer(
    { status: 206, headers: { "Content-Type": "video/mp4", Age: "3" } },
    "https://edge.example/7",
  );
  assert.deepEqual(headers, [{ "content-type": "video/mp4", age: "3" }], "told before the body");
  await source.last.send(PART, PART);
  await source.last.end();
  const response = await promise;
  assert.equal(response.uri, "https://edge.example/7");
  assert.equal(response.originalUri, URI);
  assert.equal(response.status, 206);
  assert.deepEqual(response.headers, headers[0]);
  assert.equal(response.data.byteLength, 2000);
  assert.equal(response.fromCache, false);
  assert.equal(response.originalRequest, request);
});

test("the buffer is the player's own: detaching it leaves the source's bytes alone", async (t) => {
  const { player, source } = attached(t);
  const { promise } = player.request([URI]);
  await source.last.give(PART);
  const { data } = await promise;
  structuredClone(data, { transfer: [data] });
  assert.equal(PART.byteLength, 1000);
});

test("headers, such as a byte range, and credentials are passed on", async (t) => {
  const { player, source } = attached(t);
  player.request([URI], { more: { headers: { Range: "bytes=100-199", Authorization: "x" } } });
  assert.equal(source.last.headers.get("Range"), "bytes=100-199");
  assert.equal(source.last.headers.get("Authorization"), "x");
  assert.equal(source.last.init.credentials, "same-origin");
  player.request([URI], { more: { allowCrossSiteCredentials: true } });
  assert.equal(source.last.init.credentials, "include");
});

test("progress comes in steps of over 100 ms that add up to the segment", async (t) => {
  const { player, source, clock } = attached(t);
  const { promise, progress } = player.request([URI], { leastStepBytes: 1500 });
  await source.last.answer({ headers: { "Content-Length": "4000" } });
  for (const ms of [101, 101, 50, 50]) {
    clock.now += ms;
    await source.last.send(PART);
  }
  await source.last.end();
  const { timeMs } = await promise;
  assert.deepEqual(progress, [
    { ms: 202, bytes: 2000, left: 2000 },
    { ms: 100, bytes: 2000, left: 0 },
  ]);
  assert.equal(timeMs, 302);
});

test("once the line is known, steps take as long as it does: a stored segment is not infinitely fast, a wait not slow", async (t) => {
  for (const waitMs of [0, 9000]) {
    const { player, source, clock } = attached(t);
    source.line = { bytesPerSecond: 10_000, firstByteMs: 40 };
    const { promise, progress } = player.request([URI]);
    await source.last.answer({ headers: { "Content-Length": "3000" } });
    clock.now += waitMs;
    await source.last.send(PART);
    clock.now += waitMs;
    await source.last.send(PART, PART);
    await source.last.end();
    const { timeMs } = await promise;
    assert.equal(timeMs, 340);
    assert.equal(
      progress.reduce((sum, { ms }) => sum + ms, 0),
      340,
    );
    assert.equal(
      progress.reduce((sum, { bytes }) => sum + bytes, 0),
      3000,
    );
    assert.equal(progress.length, waitMs === 0 ? 1 : 3);
    t.mock.restoreAll();
  }
});

test("an answer with an error status is told with its status, text and headers, and is no sample of the line", async (t) => {
  const { player, source, clock } = attached(t);
  for (const status of [202, 404, 503]) {
    const { promise, progress } = player.request([URI]);
    await source.last.answer({ status, headers: { "X-Why": "gone" } });
    clock.now += 500;
    await source.last.send(new TextEncoder().encode("not here"));
    await source.last.end();
    const { code, data } = await fault(promise);
    assert.equal(code, CODES.BAD_HTTP_STATUS);
    assert.deepEqual(data, [URI, status, "not here", { "x-why": "gone" }, 1, URI]);
    assert.deepEqual(progress, []);
  }
});

test("a request that fails, and a body that breaks off, are errors of the network", async (t) => {
  const { player, source } = attached(t);
  const refused = player.request([URI]);
  const cause = new TypeError("Failed to fetch");
  await source.last.fail(cause);
  const { code, data } = await fault(refused.promise);
  assert.equal(code, CODES.HTTP_ERROR);
  assert.deepEqual(data, [URI, cause, 1]);
  const broken = player.request([URI]);
  await source.last.answer();
  await source.last.send(PART);
  await source.last.fail(cause);
  assert.equal((await fault(broken.promise)).code, CODES.HTTP_ERROR);
});

test("aborting ends the request at once, and nothing is told afterwards", async (t) => {
  const { player, source, clock } = attached(t);
  const { promise, operation, progress, headers } = player.request([URI]);
  await source.last.answer();
  await operation?.abort();
  await operation?.abort();
  assert.equal(source.open, 0);
  clock.now += 500;
  await settled();
  const { code, data } = await fault(promise);
  assert.equal(code, CODES.OPERATION_ABORTED);
  assert.deepEqual(data, [URI, 1]);
  assert.deepEqual(progress, []);
  assert.equal(headers.length, 1);
});

test("an abort before the head of the answer tells no head, even if the source is deaf to it", async (t) => {
  const { player, source } = attached(t);
  const deaf = t.mock.method(source, "fetch", async () => {
    await settled();
    return new Response(PART);
  });
  const { promise, operation, headers, progress } = player.request([URI]);
  await operation?.abort();
  assert.equal((await fault(promise)).code, CODES.OPERATION_ABORTED);
  await settled();
  await settled();
  assert.equal(deaf.mock.callCount(), 1);
  assert.deepEqual([headers, progress], [[], []]);
});

for (const comes of ["a part", "the end"]) {
  test(`an abort tells and streams nothing more when ${comes} comes, as the source is deaf to it`, async (t) => {
    const { player, source, clock } = attached(t);
    const deaf = new TransformStream<Uint8Array, Uint8Array>();
    const writer = deaf.writable.getWriter();
    t.mock.method(source, "fetch", async () => new Response(deaf.readable));
    let taken = 0;
    const streamDataCallback = async () => void taken++;
    const { promise, operation, progress } = player.request([URI], { more: { streamDataCallback } });
    await writer.write(PART);
    await settled();
    await operation?.abort();
    clock.now += 500;
    if (comes === "a part") writer.write(PART).catch(() => {});
    writer.close().catch(() => {});
    await settled();
    assert.deepEqual([taken, progress.length], [1, 0]);
    assert.equal((await fault(promise)).code, CODES.OPERATION_ABORTED);
  });
}

test("an abort while the player takes a part is heard when it has taken it", async (t) => {
  const { player, source, clock } = attached(t);
  let take = (): void => {};
  const taken = new Promise<void>((resolve) => {
    take = resolve;
  });
  const more = { streamDataCallback: () => taken };
  const { promise, operation, progress } = player.request([URI], { more });
  await source.last.answer();
  await source.last.send(PART);
  await operation?.abort();
  clock.now += 500;
  take();
  await settled();
  assert.deepEqual(progress, []);
  assert.equal((await fault(promise)).code, CODES.OPERATION_ABORTED);
});

test("a request that takes longer than Shaka allows is ended as a timeout", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { player, source } = attached(t);
  const { promise } = player.request([URI], { more: { retryParameters: { timeout: 30_000 } } });
  await source.last.answer();
  t.mock.timers.tick(29_999);
  assert.equal(source.open, 1);
  t.mock.timers.tick(1);
  assert.equal(source.open, 0);
  const { code, data } = await fault(promise);
  assert.equal(code, CODES.TIMEOUT);
  assert.deepEqual(data, [URI, 1]);
});

test("a load that ended, in whatever way, leaves no timer", async (t) => {
  const before = timersOpen();
  const { player, source } = attached(t);
  const more = { retryParameters: { timeout: 30_000 } };
  const done = player.request([URI], { more });
  assert.equal(timersOpen(), before + 1);
  await source.last.give(PART);
  await done.promise;
  const failed = player.request([URI], { more });
  await source.last.fail(new TypeError());
  await fault(failed.promise);
  const aborted = player.request([URI], { more });
  await aborted.operation?.abort();
  assert.equal(timersOpen(), before);
  assert.equal(source.open, 0);
});

test("a player that plays while it loads gets copies of the parts in order, and never those of an error", async (t) => {
  const { player, source } = attached(t);
  const taken: number[] = [];
  const streamDataCallback = async (data: ArrayBuffer) => {
    taken.push(data.byteLength);
    structuredClone(data, { transfer: [data] });
    await settled();
  };
  const more = { streamDataCallback };
  const { promise } = player.request([URI], { more });
  await source.last.answer();
  await source.last.send(PART, PART.slice(0, 10));
  await source.last.end();
  assert.equal((await promise).data.byteLength, 1010);
  assert.deepEqual(taken, [1000, 10]);
  const refused = player.request([URI], { more });
  await source.last.answer({ status: 404 });
  await source.last.send(PART);
  await source.last.end();
  await fault(refused.promise);
  assert.equal(taken.length, 2);
});
