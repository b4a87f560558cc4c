import assert from "node:assert/strict";
import { test } from "node:test";
import { type Catalog, loadCatalog } from "#sdk/client/catalog.ts";
import { loadManifest } from "#sdk/client/manifest-file.ts";
import { formatManifest, type Manifest } from "#sdk/content/manifest.ts";
import { BASE, bytesOf, catalogOf, liveManifestOf, PIECE_BYTES, STREAM, sha256 } from "./support/sample.ts";

const EMPTY = new Uint8Array();
const ONE = bytesOf(PIECE_BYTES);
const MANIFEST_URL = `${BASE}rivulet.json`;
const [FIRST, SECOND] = [`${BASE}0.ts`, `${BASE}1.ts`];

function fileOf(manifest: Manifest) {
  return { url: MANIFEST_URL, hasher: sha256, fetch: async () => new Response(formatManifest(manifest)) };
}

async function liveCatalog(): Promise<Catalog> {
  return loadCatalog(fileOf(await liveManifestOf({ "0.ts": ONE, "1.ts": ONE })));
}

test("media is found by its path, and the origin is asked as the page asked: by the viewer's own URL", async () => {
  const [one, other] = [await catalogOf({ "0.ts": EMPTY }), await catalogOf({ "0.ts": EMPTY })];
  for (const [catalog, token] of [
    [one, "alice"],
    [other, "bob"],
  ] as const) {
    assert.equal(catalog.url(0), FIRST);
    assert.equal(catalog.find(`${FIRST}?token=${token}`), undefined, "a file is another one with each query");
    assert.equal(catalog.findPath(`${FIRST}?token=${token}`), 0);
    assert.equal(catalog.url(0), `${FIRST}?token=${token}`);
  }
});

test("the newest signature is the one that is used, and a URL without one does not take it away", async () => {
  const catalog = await catalogOf({ "0.ts": EMPTY });
  catalog.findPath(`${FIRST}?token=old`);
  catalog.findPath(`${FIRST}?token=new`);
  assert.equal(catalog.findPath(FIRST), 0);
  assert.equal(catalog.url(0), `${FIRST}?token=new`);
});

test("a query that the manifest lists is found with it, before what only has the path", async () => {
  const catalog = await catalogOf({ "0.ts": EMPTY, "0.ts?part=2": EMPTY });
  assert.equal(catalog.findPath(`${FIRST}?part=2`), 1);
  assert.equal(catalog.findPath(`${FIRST}?part=3`), 0);
  assert.equal(catalog.url(1), `${FIRST}?part=2`);
});

test("another path is not found by its query, nor is what no http origin serves", async () => {
  const catalog = await catalogOf({ "0.ts": EMPTY });
  for (const url of [
    SECOND,
    `${BASE}1.ts?0.ts`,
    "https://other.example/files/0.ts?token=1",
    "data:video/mp2t;base64,AAAA",
    `blob:${FIRST}`,
    "file:///files/0.ts",
    "about:blank",
  ])
    assert.equal(catalog.findPath(url), undefined, url);
});

test("all manifests of a stream name one content, another stream another one", async () => {
  const contentOf = async (files: readonly string[], stream = STREAM) => {
    const manifest = await liveManifestOf(Object.fromEntries(files.map((path) => [path, ONE])), { stream });
    return (await loadManifest(fileOf(manifest))).content;
  };
  const content = await contentOf([]);
  assert.equal(await contentOf(["0.ts"]), content);
  assert.equal(await contentOf(["0.ts", "1.ts"]), content);
  assert.notEqual(await contentOf([], STREAM.replace("BwcH", "BwcI")), content);
});

test("what a later manifest lists is found from then on, and what it lists no more still is", async () => {
  const catalog = await liveCatalog();
  assert.equal(catalog.find(`${BASE}2.ts`), undefined);
  catalog.grow(await liveManifestOf({ "1.ts": ONE, "2.ts": ONE }, { first: 1 }));
  assert.deepEqual(
    [FIRST, SECOND, `${BASE}2.ts`].map((url) => catalog.find(url)),
    [0, 1, 2],
  );
  assert.equal(catalog.url(2), `${BASE}2.ts`);
  assert.ok(await catalog.sound(2));
});

test("what the content forgot is found no more, at once", async () => {
  const catalog = await liveCatalog();
  assert.equal(catalog.findPath(`${FIRST}?token=1`), 0);
  assert.ok(await catalog.sound(0));
  catalog.geometry.forget(1);
  assert.deepEqual([catalog.find(FIRST), catalog.findPath(`${FIRST}?token=1`)], [undefined, undefined]);
  assert.equal(catalog.find(SECOND), 1);
  catalog.grow(await liveManifestOf({ "1.ts": ONE, "2.ts": ONE }, { first: 1 }));
  assert.deepEqual([catalog.find(FIRST), catalog.find(`${BASE}2.ts`)], [undefined, 2]);
});

test("a path that a stream uses again names its newest segment", async () => {
  const catalog = await liveCatalog();
  catalog.grow(await liveManifestOf({ "1.ts": ONE, "0.ts": bytesOf(PIECE_BYTES, 5) }, { first: 1 }));
  assert.equal(catalog.find(FIRST), 2);
  catalog.geometry.forget(1);
  catalog.grow(await liveManifestOf({}));
  assert.equal(catalog.find(FIRST), 2);
});

test("an empty segment of a later manifest, which has no piece, is left to the origin", async () => {
  const catalog = await liveCatalog();
  catalog.grow(await liveManifestOf({ "2.ts": EMPTY, "3.ts": ONE }, { first: 2 }));
  assert.deepEqual([catalog.find(`${BASE}2.ts`), catalog.find(`${BASE}3.ts`)], [undefined, 2]);
});
