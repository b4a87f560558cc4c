import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB, toHex } from "#sdk/base/bytes.ts";
import { PieceKeeper } from "#sdk/client/piece-keeper.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";
import { bytesOf, catalogOf, deferred, PIECE_BYTES, settled, sha256 } from "./support/sample.ts";

const BYTES = bytesOf(PIECE_BYTES + 100);
const FIRST = BYTES.slice(0, PIECE_BYTES);
const { geometry } = await catalogOf({ "a.bin": BYTES });
const NAME = toHex(geometry.hash(0));

function keeper(store: PieceStore = new MemoryStore({ quotaBytes: MIB })) {
  const hashed: number[] = [];
  const one = new PieceKeeper({
    geometry,
    store,
    hasher: (bytes) => {
      hashed.push(bytes.byteLength);
      return sha256(bytes);
    },
  });
  return { keeper: one, store, hashed };
}

/** A store whose members a test may replace. */
function storeWith(members: Partial<PieceStore>): PieceStore {
  const store = new MemoryStore({ quotaBytes: MIB });
  return {
    present: (hashes) => store.present(hashes),
    get: (hash) => store.get(hash),
    put: (hash, bytes) => store.put(hash, bytes),
    delete: (hash) => store.delete(hash),
    close: () => store.close(),
    ...members,
  };
}

test("a piece is verified from its parts, whole or in many", async () => {
  const { keeper: one } = keeper();
  assert.equal(await one.verify(0, [FIRST]), FIRST);
  const parts = [FIRST.subarray(0, 5), FIRST.subarray(5, 70), FIRST.subarray(70)];
  assert.deepEqual(await one.verify(0, parts), FIRST);
  assert.deepEqual(await one.verify(1, [BYTES.subarray(PIECE_BYTES)]), BYTES.slice(PIECE_BYTES));
});

test("a piece with a wrong byte, of a wrong length or of another number is refused", async () => {
  const { keeper: one, hashed } = keeper();
  const wrong = FIRST.slice();
  wrong[9] = (wrong[9] ?? 0) ^ 1;
  assert.equal(await one.verify(0, [wrong]), undefined);
  hashed.length = 0;
  assert.equal(await one.verify(0, [FIRST, FIRST.subarray(0, 1)]), undefined);
  assert.equal(await one.verify(0, []), undefined);
  assert.equal(await one.verify(1, [FIRST]), undefined);
  assert.deepEqual(hashed, [], "A wrong length needs no hash.");
});

test("a kept piece can be read before the store has settled, and after", async () => {
  const putting = deferred();
  const reads: string[] = [];
  const inner = new MemoryStore({ quotaBytes: MIB });
  const store = storeWith({
    put: async (hash, bytes) => {
      await putting.promise;
      await inner.put(hash, bytes);
    },
    get: (hash) => {
      reads.push(hash);
      return inner.get(hash);
    },
  });
  const { keeper: one } = keeper(store);
  one.keep(0, FIRST);
  assert.equal(await one.read(0), FIRST);
  assert.deepEqual(reads, []);
  putting.resolve();
  await settled();
  assert.deepEqual(await one.read(0), FIRST);
  assert.deepEqual(reads, [NAME]);
});

test("a kept piece that the store refused is gone, and nothing breaks", async () => {
  const store = storeWith({ put: () => Promise.reject(new Error("full")) });
  const { keeper: one } = keeper(store);
  one.keep(0, FIRST);
  await settled();
  assert.equal(await one.read(0), undefined);
});

test("what an earlier visit stored is listed, and hashed once, when it is first read", async () => {
  const store = new MemoryStore({ quotaBytes: MIB });
  await store.put(NAME, FIRST);
  const { keeper: one, hashed } = keeper(store);
  assert.deepEqual(await one.stored(), [0]);
  assert.deepEqual(hashed, []);
  assert.deepEqual(await one.read(0), FIRST);
  assert.deepEqual(await one.read(0), FIRST);
  assert.deepEqual(hashed, [PIECE_BYTES]);
});

test("a piece that was verified here is not hashed again when it is read", async () => {
  const { keeper: one, hashed } = keeper();
  const verified = await one.verify(0, [FIRST]);
  assert.ok(verified);
  one.keep(0, verified);
  await settled();
  assert.deepEqual(await one.read(0), FIRST);
  assert.equal(hashed.length, 1);
});

test("stored bytes that are damaged are not handed out, and are deleted", async () => {
  for (const damaged of [FIRST.map((byte) => byte ^ 1), FIRST.slice(1), new Uint8Array()]) {
    const store = new MemoryStore({ quotaBytes: MIB });
    await store.put(NAME, damaged);
    const { keeper: one } = keeper(store);
    assert.deepEqual(await one.stored(), [0]);
    assert.equal(await one.read(0), undefined);
    assert.deepEqual([...(await store.present([NAME]))], []);
  }
});

test("a store that fails to read or delete counts as empty", async () => {
  const fails = () => Promise.reject(new Error("the disk is gone"));
  assert.equal(await keeper(storeWith({ get: fails })).keeper.read(0), undefined);
  const damaged = storeWith({ get: async () => new Uint8Array(PIECE_BYTES), delete: fails });
  assert.equal(await keeper(damaged).keeper.read(0), undefined);
});
