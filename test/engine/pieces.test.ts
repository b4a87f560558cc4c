import assert from "node:assert/strict";
import { test } from "node:test";
import { Bitfield } from "#sdk/content/bitfield.ts";
import { Download } from "#sdk/engine/transfer/download.ts";
import { Pieces } from "#sdk/engine/transfer/pieces.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { CHUNK, peerNo } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
/** Four pieces of four chunks; the last piece is short, and so is its last chunk. */
const { geometry } = simContent(1, [15 * CHUNK + 7], 4 * CHUNK);
const chunk = { byteLength: CHUNK };

function pieces(): Pieces {
  return new Pieces(geometry, new Bitfield(geometry.pieceCount), CHUNK);
}

test("a chunk is taken once, of the right length, and the last one completes the piece", () => {
  const download = new Download(2 * CHUNK - 1, CHUNK);
  assert.equal(download.receive(1, chunk, A), false);
  assert.equal(download.receive(2, chunk, A), false);
  assert.equal(download.receive(0, chunk, A), true);
  assert.equal(download.receive(0, chunk, B), false);
  assert.equal(download.complete, false);
  assert.equal(download.receive(1, { byteLength: CHUNK - 1 }, A), true);
  assert.equal(download.complete, true);
  assert.deepEqual([...download.senders], [A]);
});

test("the chunks of a piece tile it", () => {
  for (const length of [1, CHUNK, 4 * CHUNK + 5]) {
    const download = new Download(length, CHUNK);
    const lengths = Array.from({ length: download.chunkCount }, (_, chunk) => download.chunkLength(chunk));
    assert.ok(lengths.every((bytes) => bytes > 0 && bytes <= CHUNK));
    assert.equal(
      lengths.reduce((sum, bytes) => sum + bytes, 0),
      length,
    );
  }
});

test("a piece is another's while a peer that counts sends it or owes a part of it", () => {
  const download = new Download(3 * CHUNK, CHUNK);
  download.ask(0, A, 1);
  const everybody = () => true;
  assert.equal(download.takenByAnother(A, everybody), false);
  assert.equal(download.takenByAnother(B, everybody), true);
  assert.equal(
    download.takenByAnother(B, (peer) => peer !== A),
    false,
  );
  download.receive(0, chunk, A);
  assert.equal(download.takenByAnother(B, everybody), true, "it has sent a part");
});

test("of two peers that sent a part each, either may send the rest", () => {
  const download = new Download(3 * CHUNK, CHUNK);
  download.receive(0, chunk, A);
  download.receive(1, chunk, B);
  const everybody = () => true;
  assert.equal(download.takenByAnother(A, everybody), false);
  assert.equal(download.takenByAnother(B, everybody), false);
});

test("a download knows who owes it what", () => {
  const download = new Download(3 * CHUNK, CHUNK);
  download.ask(0, A, 1);
  download.ask(1, A, 1);
  download.ask(1, B, 2);
  download.receive(0, chunk, A);
  assert.ok(download.owes(A) && download.owes(B) && download.pending);
  download.unaskAll(A);
  assert.ok(!download.owes(A) && download.pending);
  download.unask(1, B);
  assert.ok(!download.pending);
});

test("bytes that no hash was checked against are counted from the first ask to the verdict", () => {
  const some = pieces();
  some.begin(0);
  some.begin(0);
  assert.equal(some.unverifiedBytes, 4 * CHUNK);
  some.claim(0, new Set([A]));
  assert.equal(some.unverifiedBytes, 4 * CHUNK);
  some.accept(0);
  assert.equal(some.unverifiedBytes, 0);
  some.begin(3);
  assert.equal(some.unverifiedBytes, 3 * CHUNK + 7);
  some.drop(3);
  assert.equal(some.unverifiedBytes, 0);
});

test("a piece that is being checked is not missing, and is missing again when it was wrong", () => {
  const some = pieces();
  some.claim(1, new Set());
  assert.equal(some.missing(1), false);
  assert.equal(some.deny(1)?.senders.size, 0);
  assert.equal(some.missing(1), true);
  assert.equal(some.accept(1), undefined);
});

test("only a wrong piece of several senders is tried with one sender next", () => {
  const some = pieces();
  some.claim(1, new Set([A]));
  some.deny(1);
  assert.equal(some.solo(1), false);
  some.claim(1, new Set([A, B]));
  some.deny(1);
  assert.equal(some.solo(1), true);
  some.claim(1, new Set([B]));
  assert.deepEqual(some.accept(1), { from: "peer", peer: B });
  assert.equal(some.solo(1), false);
});

test("a lost piece is missing, and its source forgotten", () => {
  const some = pieces();
  some.claim(1, new Set());
  some.accept(1);
  assert.deepEqual(some.source(1), { from: "origin" });
  some.lose(1);
  assert.ok(some.missing(1));
  assert.deepEqual(some.source(1), { from: "store" });
});
