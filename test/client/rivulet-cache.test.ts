import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { openStore } from "#sdk/adapters/fallback-store.ts";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB, toHex } from "#sdk/base/bytes.ts";
import type { Environment } from "#sdk/client/environment.ts";
import { formatManifest } from "#sdk/content/manifest.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";
import { bytesOf, PIECE_BYTES, resourceOf, sha256 } from "./support/sample.ts";
import { bytesIn, FILM, openSite } from "./support/site.ts";
import { storeWith } from "./support/store-with.ts";

/** What a store that outlives its page promises the next visit. */
async function site(t: TestContext, store: PieceStore = new MemoryStore({ quotaBytes: 64 * MIB })) {
  const { origin, visit } = await openSite(t);
  const kept = storeWith({ close: async () => undefined }, store);
  return {
    origin,
    store,
    /** A visit from beginning to end, of which the origin's log tells. */
    async visited(url = "/film.bin", manifest = "/rivulet.json") {
      origin.log.reset();
      const { rivulet, of } = visit({ options: { manifest }, environment: { store: async () => kept } });
      const bytes = await bytesIn(await rivulet.fetch(url));
      const { storeBytes, originBytes } = rivulet.stats;
      await rivulet.destroy();
      return { bytes, storeBytes, originBytes, problems: of("problem") };
    },
  };
}

async function nameOf(piece: number): Promise<string> {
  return toHex(await sha256(FILM.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES)));
}

test("a new deployment re-uses every piece that did not change, under whatever name and place", async (t) => {
  const { origin, visited } = await site(t);
  await visited();
  const next = FILM.slice();
  next.fill(7, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 9);
  const resources = [await resourceOf("a/new.bin", bytesOf(99)), await resourceOf("film-v2.bin", next)];
  const manifest = new TextEncoder().encode(formatManifest({ base: undefined, resources }));
  origin.files.set("/next.json", manifest);
  origin.files.set("/film-v2.bin", next);
  const { bytes, storeBytes, originBytes } = await visited("/film-v2.bin", "/next.json");
  assert.deepEqual(bytes, next);
  assert.deepEqual([storeBytes, originBytes], [FILM.length - PIECE_BYTES, PIECE_BYTES]);
  assert.equal(origin.log.bytes("/film-v2.bin"), PIECE_BYTES);
});

test("a stored piece that is damaged is dropped, fetched again and stored right, and the page sees nothing of it", async (t) => {
  const { origin, store, visited } = await site(t);
  await visited();
  const [damaged, short] = [await nameOf(2), await nameOf(5)];
  await store.put(damaged, bytesOf(PIECE_BYTES, 77));
  await store.put(short, FILM.slice(0, 9));
  const { bytes, storeBytes, problems } = await visited();
  assert.deepEqual(bytes, FILM);
  assert.equal(storeBytes, FILM.length - 2 * PIECE_BYTES);
  assert.equal(origin.log.bytes("/film.bin"), 2 * PIECE_BYTES);
  assert.deepEqual(problems, []);
  assert.deepEqual(await store.get(damaged), FILM.slice(2 * PIECE_BYTES, 3 * PIECE_BYTES));
  assert.deepEqual((await visited()).originBytes, 0);
});

test("where storage is forbidden the page has its bytes all the same, and hears why once", async (t) => {
  const { origin, visit } = await openSite(t);
  // Node has no IndexedDB, as a browser that forbids it has none; test/browser has the other ways to forbid it.
  const store: Environment["store"] = (options, onProblem) =>
    openStore({ ...options, kind: options.store, onProblem });
  const { rivulet, of } = visit({ options: { store: "indexeddb" }, environment: { store } });
  for (const turn of [1, 2])
    assert.deepEqual(await bytesIn(await rivulet.fetch("/film.bin")), FILM, `${turn}`);
  assert.deepEqual(
    of("problem").map(({ code }) => code),
    ["storage-unavailable"],
  );
  assert.equal(origin.log.bytes("/film.bin"), FILM.length, "The second time it is read from memory.");
});

test("a disk that never answers a write keeps no byte from the page", async (t) => {
  const { visited } = await site(t, storeWith({ put: () => new Promise<void>(() => undefined) }));
  assert.deepEqual((await visited()).bytes, FILM);
});

test("what the disk says it has and cannot read is fetched again", async (t) => {
  const inner = new MemoryStore({ quotaBytes: 64 * MIB });
  await (await site(t, inner)).visited();
  const fresh = new Set<string>();
  const put: PieceStore["put"] = (hash, bytes) => {
    fresh.add(hash);
    return inner.put(hash, bytes);
  };
  const get: PieceStore["get"] = async (hash) => {
    if (!fresh.has(hash)) throw new Error("the disk is damaged");
    return inner.get(hash);
  };
  const { bytes, originBytes } = await (await site(t, storeWith({ put, get }, inner))).visited();
  assert.deepEqual(bytes, FILM);
  assert.equal(originBytes, FILM.length);
});
