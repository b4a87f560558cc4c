import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FetchOrigin } from "#sdk/adapters/origin-fetch.ts";
import { seededRandom } from "#sdk/base/random.ts";
import type { Environment } from "#sdk/client/environment.ts";
import { deferred, settled } from "./support/sample.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

const NOW = { playback: { dueInMs: 0 } };
const SOON = { playback: { dueInMs: 60_000 } };
const PATIENT = { patienceMs: 60_000 };

/** An origin that notes which URLs it was asked for, path and query. */
function noted(urls: string[]): Partial<Environment> {
  const noting = (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url);
    urls.push(pathname + search);
    return fetch(url, init);
  };
  return {
    origin: () => new FetchOrigin({ fetch: noting, random: seededRandom(1), retries: 1, backoffMs: 1 }),
  };
}

/** A visitor whose manifest comes when the test says so. */
async function waitingForManifest(t: TestContext) {
  const site = await openSite(t);
  const gate = deferred();
  const plain: string[] = [];
  const held: Environment["fetch"] = async (input, init) => {
    const url = new URL(String(input), site.origin.url);
    if (url.pathname === "/rivulet.json") await gate.promise;
    else plain.push(url.pathname);
    return fetch(url, init);
  };
  return { ...site.visit({ environment: { fetch: held } }), plain, release: () => gate.resolve() };
}

test("signed URLs of two viewers meet, and the origin is asked with each viewer's own", async (t) => {
  const { origin, visit } = await openSite(t);
  const urls: string[] = [];
  const alice = visit({ environment: noted(urls) });
  await alice.rivulet.ready;
  assert.deepEqual(await bytesIn(await alice.rivulet.fetch("/film.bin?token=alice", NOW)), FILM);
  assert.deepEqual([...new Set(urls)], ["/film.bin?token=alice"]);
  const bob = visit({ environment: noted(urls), options: PATIENT });
  assert.deepEqual(await bytesIn(await bob.rivulet.fetch("/film.bin?token=bob", SOON)), FILM);
  assert.ok(bob.rivulet.stats.peerBytes > 0);
  assert.deepEqual([...alice.plain, ...bob.plain], []);
  const carol = visit({ environment: noted(urls), options: { upload: false } });
  urls.length = 0;
  await carol.rivulet.ready;
  await bytesIn(await carol.rivulet.fetch("/data.json?token=carol", NOW));
  assert.deepEqual(urls, ["/data.json?token=carol"]);
  assert.equal(origin.log.copies("/film.bin"), 1);
});

test("the Response of a signed URL has that URL", async (t) => {
  const { origin, visit } = await openSite(t);
  const { rivulet } = visit();
  await rivulet.ready;
  const response = await rivulet.fetch("/film.bin?token=1#t=5", NOW);
  assert.equal(response.url, `${origin.url}/film.bin?token=1`);
  await response.body?.cancel();
});

test("where a query names another segment, media is found with its query only", async (t) => {
  const { visit } = await openSite(t);
  const { rivulet, plain } = visit({ options: { mediaQuery: "match" } });
  await rivulet.ready;
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin?part=2", NOW)), FILM);
  assert.deepEqual(plain, ["/film.bin?part=2"]);
  assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin", NOW)), FILM);
  assert.deepEqual(plain, ["/film.bin?part=2"]);
});

test("media that no http origin serves is the page's own fetch", async (t) => {
  const { origin, visit } = await openSite(t);
  const asked: string[] = [];
  const own: Environment["fetch"] = (input, init) => {
    asked.push(String(input));
    return fetch(new URL(String(input), origin.url), init);
  };
  const { rivulet } = visit({ environment: { fetch: own } });
  await rivulet.ready;
  assert.equal(await (await rivulet.fetch("data:text/plain,hello", NOW)).text(), "hello");
  assert.deepEqual(asked.slice(1), ["data:text/plain,hello"]);
});

test("media that is needed now does not wait for a manifest that is slow to come; a file does", async (t) => {
  const { rivulet, plain, release } = await waitingForManifest(t);
  let fileCame = false;
  const file = rivulet.fetch("/film.bin").finally(() => {
    fileCame = true;
  });
  const media = await rivulet.fetch("/film.bin", NOW);
  assert.deepEqual(await bytesIn(media), FILM);
  assert.deepEqual([plain, fileCame], [["/film.bin"], false]);
  release();
  assert.deepEqual(await bytesIn(await file), FILM);
  assert.deepEqual(plain, ["/film.bin"]);
});

test("media that is needed later waits for the manifest, for a while", async (t) => {
  const { rivulet, plain, release } = await waitingForManifest(t);
  const later = rivulet.fetch("/film.bin", { playback: { dueInMs: 1_000_000 } });
  // So long that what is needed now has given up waiting.
  await bytesIn(await rivulet.fetch("/data.json", NOW));
  assert.deepEqual(plain, ["/data.json"]);
  await settled();
  release();
  assert.deepEqual(await bytesIn(await later), FILM);
  assert.deepEqual(plain, ["/data.json"]);
});

test("media that nobody waits for any more ends while the manifest is still on its way", async (t) => {
  const { rivulet } = await waitingForManifest(t);
  const abort = new AbortController();
  const ended: unknown[] = [];
  const fetching = rivulet.fetch("/film.bin", { ...SOON, signal: abort.signal });
  fetching.catch((reason: unknown) => ended.push(reason));
  await settled();
  assert.deepEqual(ended, []);
  const reason = new Error("seeked");
  abort.abort(reason);
  await settled();
  assert.deepEqual(ended, [reason]);
});

test("a line is known when something came over it, and before that it is not", async (t) => {
  const { origin, visit } = await openSite(t);
  origin.pace.bytesPerSecond = 5_000_000;
  const { rivulet } = visit();
  const known = () => rivulet.line !== undefined;
  assert.ok(!known());
  await rivulet.ready;
  assert.ok(!known());
  await bytesIn(await rivulet.fetch("/film.bin", NOW));
  const { line } = rivulet;
  assert.ok(line && line.bytesPerSecond > 0 && line.bytesPerSecond < 20_000_000, JSON.stringify(line));
  assert.ok(line.firstByteMs >= 0);
  await rivulet.destroy();
  assert.ok(!known());
});

test("when all came from the store so far, the line is taken for one of 5 Mbit/s", async (t) => {
  const { visit } = await openSite(t);
  const kept = storeWith({ close: async () => undefined });
  const environment = { store: async () => kept };
  const first = visit({ environment }).rivulet;
  await bytesIn(await first.fetch("/film.bin"));
  await first.destroy();
  const { rivulet } = visit({ environment });
  await rivulet.ready;
  await bytesIn(await rivulet.fetch("/film.bin", NOW));
  assert.deepEqual([rivulet.stats.storeBytes, rivulet.stats.originBytes], [FILM.length, 0]);
  const { line } = rivulet;
  assert.deepEqual(line, { bytesPerSecond: 625_000, firstByteMs: 0 });
});
