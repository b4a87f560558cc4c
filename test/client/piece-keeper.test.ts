import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { concatBytes, MIB, toHex } from "#sdk/base/bytes.ts";
import { PieceKeeper } from "#sdk/client/piece-keeper.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";
import { bytesOf, catalogOf, deferred, PIECE_BYTES, settled, sha256 } from "./support/sample.ts";
import { storeWith } from "./support/store-with.ts";

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

test("what the store has not confirmed is unsaved, in the order it came, until it confirms or gives up", async () => {
  const puts = [deferred(), deferred()];
  const [first, second] = puts.map(({ promise }) => promise);
  const waiting = [first, second?.then(() => Promise.reject(new Error("full")))];
  const { keeper: one } = keeper(storeWith({ put: () => waiting.shift() ?? Promise.resolve() }));
  await one.flush();
  one.keep(0, FIRST);
  one.keep(1, BYTES.slice(PIECE_BYTES));
  assert.deepEqual(
    one.unsaved.map(([piece]) => piece),
    [0, 1],
  );
  let saved = false;
  const saving = one.flush().then(() => {
    saved = true;
  });
  puts[0]?.resolve();
  await settled();
  assert.deepEqual([one.unsaved.map(([piece]) => piece), saved], [[1], false]);
  puts[1]?.resolve();
  await saving;
  assert.deepEqual(one.unsaved, []);
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

test("the page may change and transfer what it is given: the store's bytes stay as they are", async () => {
  const ruin = (parts: readonly Uint8Array[] = []) => {
    for (const part of parts) {
      part.fill(0);
      structuredClone(part.buffer, { transfer: [part.buffer as ArrayBuffer] });
    }
  };
  const { keeper: one } = keeper();
  // As frames bring them: views of something longer.
  const views = [FIRST.slice(0, 5000), FIRST.slice(5000)].map((part) =>
    concatBytes([new Uint8Array(16), part]).subarray(16),
  );
  const verified = await one.verify(0, views);
  assert.ok(verified);
  one.keep(0, verified);
  const given = await one.give(0, 0, PIECE_BYTES);
  assert.equal(given?.[0]?.buffer, views[0]?.buffer, "What the network brought is given without a copy.");
  assert.deepEqual(concatBytes(given ?? []), FIRST);
  ruin(given);
  assert.deepEqual(await one.read(0), FIRST);
  // Before and after the store has settled.
  for (const turn of [1, 2]) {
    const again = await one.give(0, 0, PIECE_BYTES);
    assert.deepEqual(concatBytes(again ?? []), FIRST, `turn ${turn}`);
    ruin(again);
    await settled();
  }
  assert.deepEqual(await one.read(0), FIRST);
});

test("of a piece that a peer sent in one frame, the store and the page have bytes of their own", async () => {
  const { keeper: one, store } = keeper();
  const frame = concatBytes([new Uint8Array(16), FIRST]);
  const verified = await one.verify(0, [frame.subarray(16)]);
  assert.ok(verified);
  one.keep(0, verified);
  frame.fill(0);
  await settled();
  assert.deepEqual(await store.get(NAME), FIRST);
});

test("the part of a piece that the page wants is cut out of whatever parts it came in", async () => {
  for (const [start, end] of [
    [0, 5000],
    [4999, 5001],
    [5000, PIECE_BYTES],
    [1, PIECE_BYTES - 1],
  ] as const) {
    const { keeper: one } = keeper();
    const verified = await one.verify(0, [FIRST.slice(0, 5000), FIRST.slice(5000)]);
    assert.ok(verified);
    one.keep(0, verified);
    const given = (await one.give(0, start, end)) ?? [];
    assert.deepEqual(concatBytes(given), FIRST.slice(start, end));
    assert.ok(given.every(({ byteLength }) => byteLength > 0));
    assert.deepEqual(concatBytes((await one.give(0, start, end)) ?? []), FIRST.slice(start, end));
  }
});

test("what a page never asks for is not held twice for long", async () => {
  const zeros = new Uint8Array(PIECE_BYTES);
  const many = await catalogOf({ "zeros.bin": new Uint8Array(17 * MIB) });
  const store = new MemoryStore({ quotaBytes: 32 * MIB });
  const one = new PieceKeeper({ geometry: many.geometry, store, hasher: sha256 });
  const half = PIECE_BYTES / 2;
  const firsts: Uint8Array[] = [];
  for (let piece = 0; piece < many.geometry.pieceCount; piece++) {
    const parts = [zeros.slice(0, half), zeros.slice(half)] as const;
    firsts.push(parts[0]);
    const verified = await one.verify(piece, parts);
    if (verified) one.keep(piece, verified);
  }
  const loose = await Promise.all(
    firsts.map(async (part, piece) => (await one.give(piece, 0, half))?.[0]?.buffer === part.buffer),
  );
  assert.equal(loose.filter(Boolean).length, (16 * MIB) / PIECE_BYTES);
  assert.ok(!loose[0], "The oldest go first.");
});
