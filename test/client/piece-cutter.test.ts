import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes } from "#sdk/base/bytes.ts";
import { PieceCutter } from "#sdk/client/piece-cutter.ts";
import { bytesOf, catalogOf, PIECE_BYTES } from "./support/sample.ts";

const BYTES = bytesOf(2 * PIECE_BYTES + 100);
// The second resource's pieces are 1, 2 and 3.
const { geometry } = await catalogOf({ "first.bin": bytesOf(10), "a.bin": BYTES });
const ALL = geometry.piecesOf(1);

type Cut = [piece: number, bytes: Uint8Array];

function cutter(run = ALL): { cutter: PieceCutter; cut: Cut[] } {
  const cut: Cut[] = [];
  return { cutter: new PieceCutter(geometry, run, (piece, bytes) => cut.push([piece, bytes])), cut };
}

function piecesOf(bytes: Uint8Array, first: number): Cut[] {
  const cut: Cut[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    cut.push([first + cut.length, bytes.slice(at, at + PIECE_BYTES)]);
  }
  return cut;
}

test("however the bytes come, the pieces are the same", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(BYTES.length), { maxLength: 12 }), (cuts) => {
      const one = cutter();
      let at = 0;
      for (const next of [...cuts.sort((a, b) => a - b), BYTES.length]) {
        one.cutter.push(BYTES.subarray(at, next));
        at = next;
      }
      assert.ok(one.cutter.done);
      assert.deepEqual(one.cut, piecesOf(BYTES, ALL.first));
    }),
    { numRuns: 40 },
  );
});

test("a piece is given as soon as its last byte is there, in a buffer of its own", () => {
  const { cutter: one, cut } = cutter();
  const sent = BYTES.slice();
  one.push(sent.subarray(0, PIECE_BYTES - 1));
  assert.equal(cut.length, 0);
  one.push(sent.subarray(PIECE_BYTES - 1, PIECE_BYTES));
  assert.equal(cut.length, 1);
  sent.fill(0);
  assert.deepEqual(cut, piecesOf(BYTES.subarray(0, PIECE_BYTES), ALL.first));
  assert.ok(!one.done);
});

test("bytes beyond the last piece are ignored", () => {
  const { cutter: one, cut } = cutter({ first: ALL.first, count: 1 });
  one.push(concatBytes([BYTES, BYTES]));
  one.push(BYTES);
  assert.deepEqual(cut, piecesOf(BYTES.subarray(0, PIECE_BYTES), ALL.first));
});

test("a stream that turns out to start at the first byte is cut from there", () => {
  const { cutter: one, cut } = cutter({ first: ALL.first + 2, count: 1 });
  one.restart(ALL);
  one.push(BYTES);
  assert.deepEqual(cut, piecesOf(BYTES, ALL.first));
  assert.ok(one.done);
});

test("what ends early is not done, and its last piece is not given", () => {
  const { cutter: one, cut } = cutter();
  one.push(BYTES.subarray(0, BYTES.length - 1));
  assert.equal(cut.length, 2);
  assert.ok(!one.done);
});
