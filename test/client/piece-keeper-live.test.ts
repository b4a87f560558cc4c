import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { PieceKeeper } from "#sdk/client/piece-keeper.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { bytesOf, liveManifestOf, PIECE_BYTES, settled, sha256 } from "./support/sample.ts";

const SEGMENTS = [1, 2, 3, 4].map((seed) => bytesOf(PIECE_BYTES, seed));
const FIRST = 20;

/** A keeper of a stream whose first piece is number 20, one piece a segment. */
async function keeping(store = new MemoryStore({ quotaBytes: MIB })) {
  const files = Object.fromEntries(SEGMENTS.map((bytes, n) => [`${n}.ts`, bytes]));
  const geometry = new Geometry(await liveManifestOf(files, { first: FIRST }));
  const keeper = new PieceKeeper({ geometry, store, hasher: sha256 });
  /** Keeps the nth segment's piece. */
  const keep = async (n: number) => {
    const bytes = await keeper.verify(FIRST + n, [SEGMENTS[n] ?? assert.fail()]);
    keeper.keep(FIRST + n, bytes ?? assert.fail("It is sound."));
    await settled();
  };
  return { geometry, keeper, store, keep };
}

test("pieces of a stream that was joined late are verified and kept by their own numbers", async () => {
  const { keeper, keep } = await keeping();
  assert.equal(await keeper.verify(FIRST + 1, [SEGMENTS[0] ?? assert.fail()]), undefined);
  await keep(0);
  assert.deepEqual(await keeper.read(FIRST), SEGMENTS[0]);
  assert.deepEqual(await keeper.stored(), [FIRST]);
});

test("a piece that the content forgot is gone, whenever it is asked for, and breaks nothing", async () => {
  const { geometry, keeper, keep } = await keeping();
  await keep(0);
  await keep(1);
  geometry.forget(FIRST + 1);
  assert.deepEqual(
    [await keeper.read(FIRST), await keeper.give(FIRST, 0, 5)],
    [undefined, undefined],
    "at once",
  );
  await keep(2);
  assert.deepEqual(
    [await keeper.read(FIRST), await keeper.give(FIRST, 0, 5)],
    [undefined, undefined],
    "later",
  );
  assert.deepEqual(await keeper.read(FIRST + 1), SEGMENTS[1]);
});

test("a store that is full lets the pieces go that were used longest ago", async () => {
  const { keeper, keep } = await keeping(new MemoryStore({ quotaBytes: 2 * PIECE_BYTES }));
  for (const n of [0, 1, 2]) await keep(n);
  assert.deepEqual(
    await Promise.all([0, 1, 2].map(async (n) => (await keeper.read(FIRST + n)) !== undefined)),
    [false, true, true],
  );
});
