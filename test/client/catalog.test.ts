import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "#sdk/base/bytes.ts";
import { type ErrorCode, RivuletError } from "#sdk/base/errors.ts";
import { Catalog, loadCatalog } from "#sdk/client/catalog.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { MAX_MANIFEST_BYTES } from "#sdk/content/limits.ts";
import { formatManifest } from "#sdk/content/manifest.ts";
import { startTestOrigin } from "../support/test-origin.ts";
import { BASE, bytesOf, CONTENT, catalogOf, manifestOf, PIECE_BYTES, sha256 } from "./support/sample.ts";

const EMPTY = new Uint8Array();

test("a URL finds its resource however it is encoded, with or without a fragment", async () => {
  const catalog = await catalogOf({ "caf%C3%A9/logo@2x.png": EMPTY, "a%20b.bin": EMPTY });
  const same = [
    "caf%C3%A9/logo@2x.png",
    "caf%c3%a9/logo%402x.png",
    "café/logo@2x.png",
    "./x/../café/logo@2x.png#part",
    "%63af%C3%A9/logo@2x.png",
  ];
  for (const path of same) assert.equal(catalog.find(new URL(path, BASE).href), 0, path);
  assert.equal(catalog.find(`${BASE}a b.bin`), 1);
  assert.equal(catalog.find(`${BASE}a%20b.bin`), 1);
  assert.equal(catalog.find("https://SITE.example:443/files/a%20b.bin"), 1);
});

test("another query, path, host or scheme is another resource", async () => {
  const catalog = await catalogOf({ "a.bin": EMPTY, "b.bin?v=2": EMPTY, "d/e%2Ff": EMPTY });
  for (const url of [
    `${BASE}a.bin?v=1`,
    `${BASE}b.bin`,
    `${BASE}b.bin?v=3`,
    `${BASE}A.bin`,
    `${BASE}a.bin/`,
    `${BASE}d/e/f`,
    `${BASE}%zz`,
    "https://site.example/a.bin",
    "https://other.example/files/a.bin",
    "http://site.example/files/a.bin",
    "data:text/plain,a.bin",
    "blob:https://site.example/files/a.bin",
  ])
    assert.equal(catalog.find(url), undefined, url);
  assert.equal(catalog.find(`${BASE}b.bin?v=2`), 1);
  assert.equal(catalog.find(`${BASE}d/e%2ff`), 2);
});

test("a catalog knows where each resource is", async () => {
  const catalog = await catalogOf({ "a%20b.bin": EMPTY });
  assert.equal(catalog.url(0), `${BASE}a%20b.bin`);
  assert.equal(catalog.resource(0).path, "a%20b.bin");
  assert.throws(() => catalog.resource(1), RangeError);
});

async function load(text: string, url = "https://site.example/deep/rivulet.json"): Promise<Catalog> {
  return loadCatalog({ url, hasher: sha256, fetch: async () => new Response(text) });
}

test("the manifest's base is its own directory, or what it says: another directory or another host", async () => {
  const cases: readonly [string | undefined, string][] = [
    [undefined, "https://site.example/deep/a.bin"],
    ["../media/", "https://site.example/media/a.bin"],
    ["/", "https://site.example/a.bin"],
    ["//cdn.example/x/", "https://cdn.example/x/a.bin"],
    ["https://cdn.example/y/", "https://cdn.example/y/a.bin"],
    ["http://cdn.example/", "http://cdn.example/a.bin"],
  ];
  for (const [base, url] of cases) {
    const catalog = await load(formatManifest(await manifestOf({ "a.bin": EMPTY }, base)));
    assert.equal(catalog.url(0), url);
    assert.equal(catalog.find(url), 0);
  }
});

test("the content is named by the SHA-256 of the manifest's bytes", async () => {
  const text = formatManifest(await manifestOf({ "a.bin": EMPTY }));
  assert.equal((await load(text)).content, toHex(await sha256(new TextEncoder().encode(text))));
});

async function failure(loading: Promise<unknown>): Promise<RivuletError> {
  const error = await loading.then(
    () => assert.fail("It was taken."),
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof RivuletError, String(error));
  return error;
}

test("a manifest with a base that cannot be one is malformed", async () => {
  for (const base of ["http://[", "data:text/plain,x", "mailto:x@site.example", "blob:x", "file:///x/"]) {
    const error = await failure(load(formatManifest(await manifestOf({ "a.bin": EMPTY }, base))));
    assert.equal(error.code, "manifest-malformed", base);
    assert.ok(error.message.includes(base));
  }
});

test("what is no manifest is malformed", async () => {
  for (const text of ["", "<!doctype html>", "[]", "{}", '{"rivulet":2,"resources":[]}', "\u{feff}null"])
    assert.equal((await failure(load(text))).code, "manifest-malformed", text);
});

test("a manifest that cannot be had, or is too large, says so with its own code", async () => {
  const origin = await startTestOrigin({ files: new Map([["/rivulet.json", bytesOf(5000)]]) });
  const url = `${origin.url}/rivulet.json`;
  const codeOf = async (at: string): Promise<ErrorCode> =>
    (await failure(loadCatalog({ url: at, hasher: sha256, fetch }))).code;
  try {
    assert.equal(await codeOf(`${origin.url}/none.json`), "manifest-unreachable");
    origin.faults.set("/rivulet.json", { status: 500, times: 1 });
    assert.equal(await codeOf(url), "manifest-unreachable");
    origin.faults.set("/rivulet.json", { down: true, times: 1 });
    assert.equal(await codeOf(url), "manifest-unreachable");
    origin.faults.set("/rivulet.json", { cutAfterBytes: 1000, times: 1 });
    assert.equal(await codeOf(url), "manifest-unreachable");
    const headers = { "Content-Length": String(MAX_MANIFEST_BYTES + 1) };
    origin.faults.set("/rivulet.json", { headers, times: 1 });
    assert.equal(await codeOf(url), "manifest-too-large");
    assert.equal(await codeOf(url), "manifest-malformed");
  } finally {
    await origin.close();
  }
  const error = await failure(loadCatalog({ url, hasher: sha256, fetch }));
  assert.equal(error.code, "manifest-unreachable");
  assert.ok(error.message.includes(url) && error.cause instanceof TypeError);
});

test("a resource is sound when its piece hashes add up to its root, which is computed once", async () => {
  const manifest = await manifestOf({
    "a.bin": bytesOf(3 * PIECE_BYTES),
    "b.bin": EMPTY,
    "c.bin": bytesOf(9),
  });
  const [a, b, c] = manifest.resources;
  assert.ok(a && b && c);
  const wrong = { ...c, path: "d.bin", root: a.root };
  const shuffled = {
    ...a,
    path: "e.bin",
    hashes: Uint8Array.from(a.hashes, (byte, i) => (i ? byte : byte ^ 1)),
  };
  let hashed = 0;
  const catalog = new Catalog({
    content: CONTENT,
    geometry: new Geometry({ base: undefined, resources: [a, b, c, wrong, shuffled] }),
    base: BASE,
    hasher: (bytes) => {
      hashed++;
      return sha256(bytes);
    },
  });
  assert.deepEqual(await Promise.all([0, 1, 2, 3, 4].map((i) => catalog.sound(i))), [
    ...[true, true, true],
    ...[false, false],
  ]);
  const before = hashed;
  assert.ok(before > 0);
  await Promise.all([catalog.sound(0), catalog.sound(4)]);
  assert.equal(hashed, before);
});
