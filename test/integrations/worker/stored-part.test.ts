import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { toHex } from "#sdk/base/bytes.ts";
import type { ByteRange } from "#sdk/client/range-header.ts";
import { storedPart } from "#sdk/integrations/worker/stored-part.ts";
import { PIECE_BYTES, settled, sha256 } from "../../client/support/sample.ts";
import { bytesOfAnswer } from "../../client/tabs/support/relay.ts";
import { FILM_BYTES, listedOf } from "./support/worker-stage.ts";

const listed = await listedOf(FILM_BYTES);
const pieceAt = (piece: number) => FILM_BYTES.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
const END = FILM_BYTES.length;

/** As much of IndexedDB as reading pieces takes; what is stored, by the pieces' hashes, may change at any time. */
const stored = new Map<string, unknown>();
let transactions = 0;
const request = (result: unknown) => {
  const made: { result: unknown; onsuccess?: () => void } = { result };
  setImmediate(() => made.onsuccess?.());
  return made;
};
const objectStore = () => ({ get: (key: string) => request(stored.get(key)) });
const transaction = () => {
  transactions++;
  return { objectStore };
};
Object.assign(globalThis, { indexedDB: { open: () => request({ transaction }) } });

/** Stores these pieces; others' places hold what is given. */
async function store(
  t: TestContext,
  pieces: readonly number[],
  wrong: Readonly<Record<number, unknown>> = {},
) {
  const name = async (piece: number) => toHex(await sha256(pieceAt(piece)));
  for (const piece of pieces) stored.set(await name(piece), pieceAt(piece));
  for (const [piece, value] of Object.entries(wrong)) stored.set(await name(Number(piece)), value);
  transactions = 0;
  t.after(() => stored.clear());
}

async function read(range: ByteRange) {
  const used: ByteRange[] = [];
  const part = await storedPart(listed, range, (one) => used.push(one));
  return part && { bytes: Uint8Array.from(await bytesOfAnswer(part)), used, part };
}

test("what is stored is read in one transaction, and counted as used", async (t) => {
  await store(t, [0, 1, 2, 3]);
  const found = await read({ start: 0, end: END });
  assert.deepEqual(found?.bytes, FILM_BYTES);
  assert.deepEqual(found?.used, [{ start: 0, end: END }]);
  assert.equal(transactions, 1);
  found?.part.cancel();
  assert.equal(found?.used.length, 1);
});

test("a range is cut from the pieces that it lies in", async (t) => {
  await store(t, [1, 2]);
  const range = { start: PIECE_BYTES + 5, end: 2 * PIECE_BYTES + 9 };
  const found = await read(range);
  assert.deepEqual(found?.bytes, FILM_BYTES.slice(range.start, range.end));
  assert.deepEqual(found?.used, [range]);
});

test("it ends where a piece is missing, and there is none of it when that is the first", async (t) => {
  await store(t, [0, 2, 3]);
  const found = await read({ start: 100, end: END });
  assert.deepEqual(found?.bytes, FILM_BYTES.slice(100, PIECE_BYTES));
  assert.deepEqual(found?.used, [{ start: 100, end: PIECE_BYTES }]);
  assert.equal(await read({ start: PIECE_BYTES, end: END }), undefined);
});

test("what a disk has damaged is not handed out", async (t) => {
  const damaged = pieceAt(1);
  damaged[7] = (damaged[7] ?? 0) ^ 1;
  await store(t, [0], { 1: damaged, 2: pieceAt(2).slice(1), 3: "no bytes" });
  assert.deepEqual((await read({ start: 0, end: END }))?.bytes, pieceAt(0));
  for (const piece of [1, 2, 3])
    assert.equal(await read({ start: piece * PIECE_BYTES, end: END }), undefined, `piece ${piece}`);
});

test("of a part that nobody reads on what was read is counted", async (t) => {
  await store(t, [0, 1, 2, 3]);
  const used: ByteRange[] = [];
  const part = await storedPart(listed, { start: 10, end: END }, (one) => used.push(one));
  await part?.read();
  await part?.read();
  part?.cancel();
  await settled();
  assert.deepEqual(used, [{ start: 10, end: 2 * PIECE_BYTES }]);
});

test("a store that fails has nothing", async (t) => {
  await store(t, [0]);
  const before = stored.get;
  stored.get = () => {
    throw new DOMException("no", "UnknownError");
  };
  assert.equal(await read({ start: 0, end: END }), undefined);
  stored.get = before;
});
