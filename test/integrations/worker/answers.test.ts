import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { concatBytes } from "#sdk/base/bytes.ts";
import { answerFor } from "#sdk/client/response.ts";
import type { FetchListed } from "#sdk/client/tabs/answer-asks.ts";
import { Answer } from "#sdk/integrations/worker/answers.ts";
import type { Listed } from "#sdk/integrations/worker/catalogues.ts";
import { deferred, PIECE_BYTES, settled } from "../../client/support/sample.ts";
import { bytesIn } from "../../client/support/site.ts";
import { bodyOfChunks } from "../../client/tabs/support/relay.ts";
import { until } from "../site/support/browser.ts";
import { fakeNetwork } from "./support/fake-network.ts";
import { FILM, FILM_BYTES, listedOf, MANIFEST, OTHER_BYTES, openWorker } from "./support/worker-stage.ts";

const listed = await listedOf(FILM_BYTES, "video/mp4");
const other = await listedOf(OTHER_BYTES, "video/mp4");
const LAST = FILM_BYTES.length - 1;

/** An engine that has these bytes; its bodies break off, or stand still, after so many. */
function engine(bytes: Uint8Array, of: Listed, { breaksAt = Infinity, waits = false } = {}): FetchListed {
  return async (_url, init) => {
    const head = answerFor(of, new Headers(init.headers).get("range")) ?? assert.fail();
    const { start, end } = head.range;
    const { status, headers } = head;
    function* chunks() {
      for (let at = start; at < Math.min(end, start + breaksAt); at += 5000)
        yield bytes.slice(at, Math.min(at + 5000, end, start + breaksAt));
    }
    if (!waits) return new Response(bodyOfChunks(chunks(), new Error("It broke.")).body, { status, headers });
    const iterator = chunks();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const { value } = iterator.next();
        return value ? controller.enqueue(value) : new Promise<void>(() => undefined);
      },
    });
    return new Response(body, { status, headers });
  };
}

/** A worker, a network, and how a page asks. */
function stage(t: TestContext) {
  const worker = openWorker(t);
  const network = fakeNetwork(t, FILM_BYTES);
  const ask = (range?: string, isPlayer = false) => {
    const request = new Request(FILM, range === undefined ? {} : { headers: { range } });
    return new Answer(listed, worker.leaders, isPlayer).to(request);
  };
  return { ...worker, network, ask };
}

/** A body as a page reads it, bit by bit. */
function readerOf({ body }: Response) {
  const reader = body?.getReader() ?? assert.fail();
  const parts: Uint8Array[] = [];
  const read = async (until: () => boolean) => {
    while (!until()) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
    }
    return concatBytes(parts);
  };
  const length = () => parts.reduce((sum, part) => sum + part.byteLength, 0);
  return {
    /** All that was read so far, once it is so much, bytes. */
    atLeast: (bytes: number) => read(() => length() >= bytes),
    rest: () => read(() => false),
    got: () => concatBytes(parts),
    cancel: () => reader.cancel(),
  };
}

const adoptedBy = ({ heard }: ReturnType<ReturnType<typeof openWorker>["lead"]>) =>
  heard.flatMap((message) => (message.type === "adopt" ? [message.offset] : []));

test("the leading page answers, and the network is not asked", async (t) => {
  const { lead, network, ask } = stage(t);
  const page = lead("a", engine(FILM_BYTES, listed));
  const { response, ended } = await ask();
  assert.equal(response.status, 200);
  assert.deepEqual(
    Object.fromEntries(response.headers),
    Object.fromEntries(answerFor(listed, null)?.headers ?? []),
  );
  assert.deepEqual(await bytesIn(response), FILM_BYTES);
  await ended;
  const part = await ask("bytes=70000-139999");
  assert.deepEqual(
    [part.response.status, part.response.headers.get("content-range")],
    [206, `bytes 70000-139999/${FILM_BYTES.length}`],
  );
  assert.deepEqual(await bytesIn(part.response), FILM_BYTES.slice(70_000, 140_000));
  assert.deepEqual(page.asked, [
    [FILM, null],
    [FILM, "bytes=70000-139999"],
  ]);
  assert.deepEqual(network.requests, []);
});

test("a player that jumps waits for its first bytes, and no other answer is in such a hurry", async (t) => {
  const { lead, ask } = stage(t);
  const dueInMs: (number | undefined)[] = [];
  lead("a", (url, init) => {
    dueInMs.push(init.playback?.dueInMs);
    return engine(FILM_BYTES, listed)(url, init);
  });
  for (const [range, isPlayer] of [
    ["bytes=100-", true],
    ["bytes=0-", true],
    ["bytes=100-", false],
  ] as const)
    await (await ask(range, isPlayer)).response.arrayBuffer();
  assert.deepEqual(dueInMs, [600, undefined, undefined]);
});

test("where nobody leads the network's answer is the page's at once, and what is right of it the next leader's", async (t) => {
  const { lead, network, ask } = stage(t);
  const { response, ended } = await ask();
  assert.deepEqual(await bytesIn(response), FILM_BYTES);
  await ended;
  assert.deepEqual(
    network.requests.map(({ url, range }) => [url, range]),
    [[FILM, null]],
  );
  const page = lead("a");
  await until(() => page.heard.length === 5);
  assert.deepEqual(
    adoptedBy(page),
    [0, 1, 2, 3].map((piece) => piece * PIECE_BYTES),
  );
});

test("a page that begins to lead before the network has answered is asked, and the network no more", async (t) => {
  const { lead, network, ask } = stage(t);
  network.delay = new Promise(() => undefined);
  const asking = ask("bytes=100-");
  await until(() => network.requests.length === 1);
  const page = lead("a", engine(FILM_BYTES, listed));
  assert.deepEqual(await bytesIn((await asking).response), FILM_BYTES.slice(100));
  assert.equal(network.requests[0]?.signal?.aborted, true);
  assert.deepEqual(page.asked, [[FILM, `bytes=100-${LAST}`]]);
});

test("a page that begins to lead, and cannot help, leaves the answer to the network", async (t) => {
  const { lead, network, ask } = stage(t);
  const delay = deferred();
  network.delay = delay.promise;
  const asking = ask();
  await until(() => network.requests.length === 1);
  const page = lead("a");
  await until(() => page.asked.length === 1);
  await settled();
  delay.resolve();
  assert.deepEqual(await bytesIn((await asking).response), FILM_BYTES);
  // The first request made way for what the page might have asked for.
  assert.equal(page.asked.length, 1);
  assert.deepEqual(
    network.requests.map(({ signal }) => signal?.aborted),
    [true, undefined],
  );
});

test("a page that begins to lead while the network sends goes on from the next piece", async (t) => {
  const { lead, network, ask } = stage(t);
  const goOn = deferred();
  Object.assign(network, { waitsAt: 80_000, goOn: goOn.promise });
  const body = readerOf((await ask()).response);
  await body.atLeast(80_000);
  const page = lead("a", engine(FILM_BYTES, listed));
  goOn.resolve();
  assert.deepEqual(await body.rest(), FILM_BYTES);
  assert.equal(network.requests[0]?.cancelled, true);
  assert.deepEqual(page.asked, [[FILM, `bytes=${2 * PIECE_BYTES}-${LAST}`]]);
  await until(() => adoptedBy(page).length === 2);
});

test("when the leader breaks off, the network goes on with whole pieces that are right", async (t) => {
  const { lead, network, ask } = stage(t);
  const page = lead("a", engine(FILM_BYTES, listed, { breaksAt: 70_000 }));
  const { response } = await ask();
  lead("b");
  assert.deepEqual(await bytesIn(response), FILM_BYTES);
  assert.equal(page.asked.length, 1);
  const [rest] = network.requests;
  assert.ok(rest);
  const start = Number(/^bytes=(\d+)-/.exec(rest.range ?? "")?.[1]);
  assert.equal(start % PIECE_BYTES, 0);
  assert.deepEqual([rest.range, rest.cache], [`bytes=${start}-${LAST}`, "no-store"]);
});

test("when the leader closes in the middle, the next one goes on, without the network", async (t) => {
  const { leaders, lead, network, ask } = stage(t);
  lead("a", engine(FILM_BYTES, listed, { breaksAt: 100_000, waits: true }));
  const body = readerOf((await ask()).response);
  await body.atLeast(1);
  const next = lead("b", engine(FILM_BYTES, listed));
  assert.deepEqual(await body.rest(), FILM_BYTES);
  assert.equal(next.asked.length, 1);
  assert.equal(leaders.get(MANIFEST)?.client, "b");
  assert.deepEqual(network.requests, []);
});

for (const [what, fetch] of [
  ["refuses", async () => undefined],
  ["knows another deployment", engine(OTHER_BYTES, other)],
  ["cannot satisfy the range that the worker can", async () => new Response(null, { status: 416 })],
] as const satisfies readonly [string, FetchListed][])
  test(`a leader that ${what} is asked once, however often the network breaks off after that`, async (t) => {
    const { lead, network, ask } = stage(t);
    const page = lead("a", fetch);
    network.breaksAt = PIECE_BYTES + 5000;
    assert.deepEqual(await bytesIn((await ask()).response), FILM_BYTES);
    assert.deepEqual([page.asked.length, network.requests.length], [1, 3]);
  });

for (const [what, answer] of [
  ["an error", async () => new Response("gone", { status: 404 })],
  ["another size", async () => new Response("short", { headers: { "content-length": "5" } })],
] as const)
  test(`the network's answer that is ${what} is for the page to see`, async (t) => {
    const { network, ask } = stage(t);
    network.answer = answer;
    const { response, ended } = await ask();
    const expected = await answer();
    assert.equal(response.status, expected.status);
    assert.equal(await response.text(), await expected.text());
    await ended;
  });

test("a network that is down is that for the page too", async (t) => {
  const { network, ask } = stage(t);
  network.answer = () => Promise.reject(new TypeError("It is down."));
  await assert.rejects(ask(), /It is down/);
});

test("what nobody but the origin can answer it does", async (t) => {
  const { lead, network, ask } = stage(t);
  lead("a", engine(FILM_BYTES, listed));
  assert.equal((await ask(`bytes=${FILM_BYTES.length}-`)).response.status, 416);
  assert.equal(network.requests.length, 1);
});

test("bytes of another deployment never follow the leader's: the body fails instead", async (t) => {
  const { lead, network, ask } = stage(t);
  lead("a", engine(FILM_BYTES, listed, { breaksAt: 70_000 }));
  network.bytes = OTHER_BYTES;
  const body = readerOf((await ask()).response);
  await body.atLeast(1);
  lead("b");
  await assert.rejects(body.rest(), /is not what the manifest says/);
  const { length } = body.got();
  assert.deepEqual(body.got(), FILM_BYTES.slice(0, length));
  assert.ok(length <= 70_000);
});

for (const [what, breaksAt] of [
  ["a piece", PIECE_BYTES + 5000],
  ["its first piece", 5000],
] as const)
  test(`the leader's bytes never follow those of another deployment, which broke off after ${what}`, async (t) => {
    const { lead, network, ask } = stage(t);
    Object.assign(network, { bytes: OTHER_BYTES, breaksAt });
    const body = readerOf((await ask()).response);
    await body.atLeast(1);
    const page = lead("a", engine(FILM_BYTES, listed));
    await assert.rejects(body.rest(), /The line broke/);
    assert.deepEqual(body.got(), OTHER_BYTES.slice(0, breaksAt));
    assert.deepEqual(page.asked, []);
  });

test("a network that breaks off after pieces that are right is gone on from", async (t) => {
  const { network, ask } = stage(t);
  network.breaksAt = PIECE_BYTES + 5000;
  const body = readerOf((await ask()).response);
  await body.atLeast(PIECE_BYTES);
  network.breaksAt = Infinity;
  assert.deepEqual(await body.rest(), FILM_BYTES);
  assert.deepEqual(
    network.requests.map(({ range }) => range),
    [null, `bytes=${PIECE_BYTES}-${LAST}`],
  );
});

test("a page that goes away ends it all", async (t) => {
  const { lead, ask } = stage(t);
  const page = lead("a", engine(FILM_BYTES, listed, { breaksAt: 100_000, waits: true }));
  const { response, ended } = await ask();
  const body = readerOf(response);
  await body.atLeast(1);
  await body.cancel();
  await ended;
  await until(() => page.cancels === 1);
});
