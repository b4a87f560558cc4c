import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { toHex } from "#sdk/base/bytes.ts";
import type { Catalogue } from "#sdk/client/catalogue.ts";
import { Catalogues } from "#sdk/integrations/worker/catalogues.ts";
import { sha256 } from "../../client/support/sample.ts";
import { FILM, FILM_BYTES, listedOf, MANIFEST } from "./support/worker-stage.ts";

/*
 * There is no IndexedDB in Node, as there is none where storage is forbidden: nothing is known but what a page says.
 * What an earlier worker wrote is read in test/browser and test/e2e.
 */

const { url, sizeBytes, pieceBytes, root, hashes } = await listedOf(FILM_BYTES);
const entry = [url, sizeBytes, pieceBytes, "video/mp4", root, hashes] as const;

/** A site that publishes a manifest, or does what is given instead. */
function siteWith(t: TestContext) {
  const site = {
    manifest: "first",
    answer: async (): Promise<Response> => new Response(site.manifest),
    asked: [] as (readonly [url: string, cache: string | undefined])[],
  };
  t.mock.method(globalThis, "fetch", (url: string, init: RequestInit) => {
    site.asked.push([url, init.cache]);
    return site.answer();
  });
  return site;
}

/** What a page knows that has a manifest of these bytes. */
async function catalogue(manifest: string): Promise<Catalogue> {
  return { content: toHex(await sha256(new TextEncoder().encode(manifest))), entries: [entry] };
}

async function knowing(manifest = "first") {
  const catalogues = new Catalogues();
  assert.equal(catalogues.learn(MANIFEST, await catalogue(manifest)), true);
  await catalogues.loaded;
  return catalogues;
}

async function check(catalogues: Catalogues): Promise<boolean> {
  catalogues.check();
  await catalogues.checked();
  return catalogues.find(FILM) !== undefined;
}

test("before it is known what is listed, that is said, and where nothing can be read, nothing is", async () => {
  const catalogues = new Catalogues();
  assert.equal(catalogues.find(FILM), "unknown");
  await catalogues.loaded;
  assert.equal(catalogues.find(FILM), undefined);
});

test("what a page lists is found, however its URL is written, and nothing else", async () => {
  const catalogues = await knowing();
  const found = catalogues.find(FILM.replace("film", "fil%6D"));
  assert.deepEqual(found, { ...(await listedOf(FILM_BYTES, "video/mp4")), manifest: MANIFEST });
  assert.deepEqual(catalogues.find(`${FILM}#t=10`), found);
  assert.equal(catalogues.find(`${FILM}?other`), undefined);
});

test("what a page says is known before that of an earlier worker is", async () => {
  const catalogues = new Catalogues();
  catalogues.learn(MANIFEST, await catalogue("first"));
  assert.notEqual(catalogues.find(FILM), "unknown");
});

test("of a live stream nothing is learnt", async () => {
  const catalogues = new Catalogues();
  assert.equal(catalogues.learn(MANIFEST, { content: "", entries: [entry] }), false);
  await catalogues.loaded;
  assert.equal(catalogues.find(FILM), undefined);
});

test("a manifest that is as it was is kept, and asked for past the browser's cache", async (t) => {
  const site = siteWith(t);
  const catalogues = await knowing();
  assert.equal(await check(catalogues), true);
  assert.deepEqual(site.asked, [[MANIFEST, "no-cache"]]);
});

for (const [what, answer] of [
  ["an origin in trouble", async () => new Response("sorry", { status: 503 })],
  ["an origin that is down", () => Promise.reject(new TypeError("It is down."))],
] as const)
  test(`${what} says nothing about its manifest: what it said last holds`, async (t) => {
    const site = siteWith(t);
    const catalogues = await knowing();
    site.answer = answer;
    assert.equal(await check(catalogues), true);
    assert.equal(catalogues.learn(MANIFEST, await catalogue("second")), true);
  });

for (const [what, answer] of [
  ["has other bytes by now", async () => new Response("second")],
  ["is gone", async () => new Response("not found", { status: 404 })],
] as const)
  test(`a manifest that ${what} lists nothing any more`, async (t) => {
    const site = siteWith(t);
    const catalogues = await knowing();
    site.answer = answer;
    assert.equal(await check(catalogues), false);
  });

test("a page that leads with a manifest that is no longer published is not believed", async (t) => {
  const site = siteWith(t);
  const catalogues = await knowing();
  site.manifest = "second";
  assert.equal(await check(catalogues), false);
  assert.equal(catalogues.learn(MANIFEST, await catalogue("first")), false);
  assert.equal(catalogues.find(FILM), undefined);
  assert.equal(catalogues.learn(MANIFEST, await catalogue("second")), true);
  assert.notEqual(catalogues.find(FILM), undefined);
});

test("an origin that says nothing for a second is taken to be down", async (t) => {
  const site = siteWith(t);
  const catalogues = await knowing();
  site.answer = () => new Promise(() => undefined);
  assert.equal(await check(catalogues), true);
});
