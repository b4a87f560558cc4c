import assert from "node:assert/strict";
import { test } from "node:test";
import { KIB, MIB } from "#sdk/base/bytes.ts";
import type { FetchListed } from "#sdk/client/tabs/answer-asks.ts";
import { LeaderAsks } from "#sdk/client/tabs/leader-asks.ts";
import type { Asking } from "#sdk/client/tabs/relay-messages.ts";
import { deferred, settled } from "../support/sample.ts";
import {
  answered,
  bodyOfChunks,
  bytesOfAnswer,
  callRelay,
  channelRelay,
  PATIENT_MS,
  QUESTION,
  URL_A,
} from "./support/relay.ts";

const chunk = (...bytes: number[]) => Uint8Array.from(bytes);
const answer = (body: ReadableStream<Uint8Array> | null, init?: ResponseInit) => async () =>
  new Response(body, init);

/** Chunks without an end, each of so many bytes. */
function* endless(bytes: number): Generator<Uint8Array> {
  for (;;) yield new Uint8Array(bytes);
}

for (const [what, relayOf] of [
  ["direct calls", (_t, fetch) => callRelay(fetch)],
  ["a MessageChannel", channelRelay],
] as const satisfies readonly [string, typeof channelRelay][]) {
  test(`over ${what} an answer has its status, its headers and its bytes in order`, async (t) => {
    const { body } = bodyOfChunks([chunk(1, 2), chunk(3), chunk(4, 5)]);
    const headers = { "content-range": "bytes 10-14/20", etag: '"x"' };
    const { asks, told } = relayOf(t, answer(body, { status: 206, headers }));
    const got = await answered(asks.ask(QUESTION, PATIENT_MS));
    assert.equal(got.status, 206);
    assert.deepEqual(Object.fromEntries(got.headers), headers);
    assert.deepEqual(await bytesOfAnswer(got), [1, 2, 3, 4, 5]);
    assert.equal(await got.read(), undefined);
    assert.deepEqual(
      told.map(({ type }) => type),
      ["taken", "head", "bytes", "bytes", "bytes", "end"],
    );
    assert.equal(asks.pending, 0);
  });

  test(`over ${what} no more than there is room for is on its way, and reading makes room`, async (t) => {
    const { asks, asked, sentBytes } = relayOf(t, answer(bodyOfChunks(endless(64 * KIB)).body));
    const got = await answered(asks.ask(QUESTION, PATIENT_MS));
    // Nothing but turns: whatever it would send, it has sent by then.
    for (let turn = 0; turn < 40; turn++) await settled();
    assert.equal(sentBytes(), 2 * MIB);
    for (let read = 0; read < 3; read++) await got.read();
    for (let turn = 0; turn < 10; turn++) await settled();
    assert.equal(sentBytes(), 2 * MIB, "less than a portion was read");
    await got.read();
    for (let turn = 0; turn < 10; turn++) await settled();
    assert.equal(sentBytes(), 2 * MIB + 256 * KIB);
    assert.deepEqual(asked.at(-1), { type: "more", id: 1, bytes: 256 * KIB });
    got.cancel();
  });

  test(`over ${what} an answer that nobody wants any more is read no further`, async (t) => {
    const source = bodyOfChunks(endless(512 * KIB));
    const { asks, sentBytes } = relayOf(t, answer(source.body));
    const got = await answered(asks.ask(QUESTION, PATIENT_MS));
    for (let turn = 0; turn < 10; turn++) await settled();
    got.cancel();
    for (let turn = 0; turn < 10; turn++) await settled();
    assert.equal(source.cancelled, true);
    assert.equal(sentBytes(), 2 * MIB);
    assert.equal(asks.pending, 0);
    got.cancel();
  });
}

test("an empty body is an answer too", async () => {
  const { asks } = callRelay(answer(null, { status: 416 }));
  const got = await answered(asks.ask(QUESTION, PATIENT_MS));
  assert.equal(got.status, 416);
  assert.equal(await got.read(), undefined);
});

test("the leader is asked for the URL, the range and what the player knows, and can be told to stop", async () => {
  const asked: Parameters<FetchListed>[] = [];
  const { asks } = callRelay(async (...question) => {
    asked.push(question);
    return new Response(bodyOfChunks(endless(MIB)).body);
  });
  const playback = { dueInMs: 700 };
  const got = await answered(asks.ask({ url: URL_A, range: "bytes=5-", playback }, PATIENT_MS));
  await answered(asks.ask(QUESTION, PATIENT_MS));
  const [[url, init], [, plain]] = asked as [Parameters<FetchListed>, Parameters<FetchListed>];
  assert.equal(url, URL_A);
  assert.deepEqual(new Headers(init.headers).get("range"), "bytes=5-");
  assert.deepEqual(init.playback, playback);
  assert.deepEqual([new Headers(plain.headers).get("range"), plain.playback], [null, undefined]);
  assert.equal(init.signal?.aborted, false);
  got.cancel();
  assert.deepEqual([init.signal?.aborted, plain.signal?.aborted], [true, false]);
  asks.close();
});

test("a view of a larger buffer is sent as a copy, and a buffer of its own is given away", async (t) => {
  const larger = Uint8Array.from({ length: 8 }, (_, at) => at);
  const own = chunk(9);
  const { asks } = channelRelay(t, answer(bodyOfChunks([larger.subarray(2, 4), own]).body));
  assert.deepEqual(await bytesOfAnswer(await answered(asks.ask(QUESTION, PATIENT_MS))), [2, 3, 9]);
  assert.deepEqual([larger.byteLength, own.byteLength], [8, 0]);
});

test("what the leader refuses, or cannot fetch, has no answer", async () => {
  const refusing = callRelay(async () => undefined);
  assert.equal(await refusing.asks.ask(QUESTION, PATIENT_MS), undefined);
  const failing = callRelay(() => Promise.reject(new TypeError("The line is down.")));
  assert.equal(await failing.asks.ask(QUESTION, PATIENT_MS), undefined);
  assert.deepEqual([refusing.asks.pending, failing.asks.pending], [0, 0]);
});

test("a leader that does not take the question in time is asked no more", async () => {
  const asked: Asking[] = [];
  const asks = new LeaderAsks({ post: (message) => void asked.push(message) });
  assert.equal(await asks.ask(QUESTION, 1), undefined);
  assert.deepEqual(
    asked.map(({ type, id }) => [type, id]),
    [
      ["ask", 1],
      ["cancel", 1],
    ],
  );
  // It comes to it in the end.
  asks.receive({ type: "taken", id: 1 });
  asks.receive({ type: "head", id: 1, status: 200, headers: [] });
  assert.equal(asks.pending, 0);
});

test("a leader that has taken the question may take its time", async () => {
  const asks = new LeaderAsks({ post: () => undefined });
  const asking = asks.ask(QUESTION, 1);
  asks.receive({ type: "taken", id: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  asks.receive({ type: "head", id: 1, status: 200, headers: [] });
  assert.equal((await answered(asking)).status, 200);
});

test("when the leader closes before it answered, it is gone", async () => {
  const { asks } = callRelay(() => new Promise(() => undefined));
  const asking = asks.ask(QUESTION, PATIENT_MS);
  asks.close();
  assert.equal(await asking, "gone");
});

test("when the leader closes in the middle, what came may be read, and then the answer fails", async () => {
  const { body } = bodyOfChunks(endless(MIB));
  const { asks } = callRelay(answer(body));
  const got = await answered(asks.ask(QUESTION, PATIENT_MS));
  await settled();
  const waiting = (async () => {
    await got.read();
    await got.read();
    return got.read();
  })();
  asks.close();
  await assert.rejects(waiting, /The leading tab is gone/);
});

test("an answer that fails in the middle says with what", async () => {
  const { body } = bodyOfChunks([chunk(1, 2)], new TypeError("The line broke."));
  const { asks } = callRelay(answer(body));
  const got = await answered(asks.ask(QUESTION, PATIENT_MS));
  assert.deepEqual(await got.read(), chunk(1, 2));
  await assert.rejects(got.read(), /TypeError: The line broke\./);
});

test("a leader that closes stops all that it is answering, and says nothing more of it", async () => {
  const sources = [bodyOfChunks(endless(MIB)), bodyOfChunks(endless(MIB))];
  const late = deferred<Response>();
  const bodies = sources.values();
  const { asks, answerer, told } = callRelay(() => {
    const { value } = bodies.next();
    return value ? Promise.resolve(new Response(value.body)) : late.promise;
  });
  for (let i = 0; i < 3; i++) void asks.ask(QUESTION, PATIENT_MS);
  await settled();
  answerer.close();
  late.resolve(new Response(bodyOfChunks([chunk(1)]).body));
  await settled();
  assert.deepEqual(
    sources.map(({ cancelled }) => cancelled),
    [true, true],
  );
  assert.ok(told.every(({ type }) => type !== "end" && type !== "failed"));
  asks.close();
});

test("answers do not mix, however they interleave", async (t) => {
  const { asks } = channelRelay(t, async (url) => {
    const digit = Number(url.at(-1));
    return new Response(bodyOfChunks([chunk(digit), chunk(digit, digit)]).body);
  });
  const all = [1, 2, 3].map(async (digit) =>
    bytesOfAnswer(await answered(asks.ask({ url: `${URL_A}?${digit}`, range: null }, PATIENT_MS))),
  );
  assert.deepEqual(await Promise.all(all), [
    [1, 1, 1],
    [2, 2, 2],
    [3, 3, 3],
  ]);
});
