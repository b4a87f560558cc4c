import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Geometry } from "#sdk/content/geometry.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import type { Manifest, Resource } from "#sdk/content/manifest.ts";

const LIVE = { stream: "A".repeat(22) };

/** A segment whose pieces begin at `firstPiece`; the hash of piece n is nnnn…. */
function segment(firstPiece: number, pieces: number): Resource {
  const hashes = new Uint8Array(pieces * 32);
  for (let at = 0; at < pieces; at++) hashes.fill(firstPiece + at, at * 32, (at + 1) * 32);
  return {
    path: `${firstPiece}.ts`,
    // The last piece is a short one.
    sizeBytes: Math.max(0, pieces * MIN_PIECE_BYTES - 5),
    pieceBytes: MIN_PIECE_BYTES,
    mediaType: undefined,
    root: new Uint8Array(32),
    hashes,
    firstPiece,
  };
}

function manifestOf(...resources: Resource[]): Manifest {
  return { base: undefined, live: LIVE, resources };
}

function known(geometry: Geometry): number[] {
  return Array.from({ length: geometry.end + 3 }, (_, piece) => piece).filter((piece) => geometry.has(piece));
}

test("a stream that was joined late begins at its first listed piece, and numbers that belong to none are no pieces", () => {
  const geometry = new Geometry(manifestOf(segment(20, 2), segment(30, 1)));
  assert.deepEqual([geometry.live, geometry.first, geometry.end, geometry.pieceCount], [true, 20, 31, 11]);
  assert.deepEqual(known(geometry), [20, 21, 30]);
  assert.deepEqual(geometry.piecesOf(1), { first: 30, count: 1 });
  assert.deepEqual(geometry.place(21), { resource: 0, offset: MIN_PIECE_BYTES, length: MIN_PIECE_BYTES - 5 });
  for (const piece of [19, 22, 29, 31]) assert.throws(() => geometry.place(piece), RangeError, `${piece}`);
});

test("a stream of which nothing was published yet has no pieces, and takes the first ones in", () => {
  const geometry = new Geometry(manifestOf());
  assert.deepEqual([geometry.first, geometry.end, geometry.has(0), geometry.pieceBytes], [0, 0, false, 0]);
  assert.equal(geometry.grow(manifestOf(segment(7, 1))), 0);
  assert.deepEqual([geometry.first, geometry.end, known(geometry)], [7, 8, [7]]);
});

test("what a later manifest lists anew is taken in, and what it lists no more stays", () => {
  const geometry = new Geometry(manifestOf(segment(0, 2), segment(2, 2)));
  assert.equal(geometry.grow(manifestOf(segment(2, 2), segment(4, 3))), 4);
  assert.deepEqual([geometry.indices, geometry.end], [{ first: 0, end: 3 }, 7]);
  assert.equal(geometry.grow(manifestOf(segment(2, 2), segment(4, 3))), 7);
  assert.deepEqual(geometry.indices, { first: 0, end: 3 });
  assert.deepEqual(known(geometry), [0, 1, 2, 3, 4, 5, 6]);
});

test("an empty resource is taken in once at the most, however often it is the last that is listed", () => {
  const geometry = new Geometry(manifestOf(segment(0, 2)));
  for (let turn = 0; turn < 3; turn++) geometry.grow(manifestOf(segment(0, 2), segment(2, 0)));
  assert.ok(geometry.indices.end <= 2);
  assert.deepEqual([geometry.end, geometry.grow(manifestOf(segment(2, 0), segment(2, 1)))], [2, 2]);
  assert.equal(geometry.length(2), MIN_PIECE_BYTES - 5);
});

test("a resource is forgotten when all its pieces are before the given one, and not before", () => {
  const geometry = new Geometry(manifestOf(segment(0, 2), segment(2, 2), segment(8, 2)));
  geometry.forget(3);
  assert.deepEqual([geometry.knows(0), geometry.knows(1), geometry.first], [false, true, 2]);
  assert.deepEqual([geometry.has(1), geometry.has(2)], [false, true]);
  for (const forgotten of [() => geometry.resource(0), () => geometry.place(1), () => geometry.hash(0)])
    assert.throws(forgotten, RangeError);
  geometry.forget(1000);
  assert.deepEqual([geometry.indices, geometry.first, geometry.end], [{ first: 3, end: 3 }, 10, 10]);
  assert.equal(geometry.grow(manifestOf(segment(8, 2), segment(10, 1))), 10);
  assert.deepEqual([geometry.knows(3), geometry.resourceOf(10)], [true, 3]);
});

test("a bitfield of a live content begins at a whole byte, and reaches to the last piece", () => {
  const field = new Geometry(manifestOf(segment(21, 2))).noPieces();
  assert.deepEqual([field.growing, field.first, field.end, field.count], [true, 16, 23, 0]);
  const fixed = new Geometry({ base: undefined, resources: [{ ...segment(0, 3), firstPiece: undefined }] });
  assert.deepEqual([fixed.live, fixed.noPieces().growing, fixed.noPieces().length], [false, false, 3]);
});

const step = fc.oneof(
  fc.record({ gap: fc.constantFrom(0, 0, 3), pieces: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ forget: fc.nat(40) }),
);

test("whatever comes and is forgotten, indices and numbers stay, and pieces lie in their own resource", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.array(step, { maxLength: 15 }), (start, steps) => {
      const geometry = new Geometry(manifestOf());
      const all: { readonly firstPiece: number; readonly pieces: number }[] = [];
      let [next, forgotten] = [start, 0];
      for (const one of steps) {
        if ("forget" in one) {
          geometry.forget(one.forget);
          while (ends(all[forgotten]) <= one.forget) forgotten++;
          continue;
        }
        const firstPiece = next + one.gap;
        next = firstPiece + one.pieces;
        all.push({ firstPiece, pieces: one.pieces });
        geometry.grow(manifestOf(segment(firstPiece, one.pieces)));
      }
      assert.deepEqual(geometry.indices, { first: forgotten, end: all.length });
      const expected: number[] = [];
      all.forEach(({ firstPiece, pieces }, resource) => {
        assert.equal(geometry.knows(resource), resource >= forgotten);
        if (resource < forgotten) return;
        assert.deepEqual(geometry.piecesOf(resource), { first: firstPiece, count: pieces });
        for (let piece = firstPiece; piece < firstPiece + pieces; piece++) {
          expected.push(piece);
          assert.equal(geometry.resourceOf(piece), resource);
          assert.equal(geometry.hash(piece)[31], piece);
        }
      });
      assert.deepEqual(known(geometry), expected);
    }),
  );
});

function ends(one: { readonly firstPiece: number; readonly pieces: number } | undefined): number {
  return one ? one.firstPiece + one.pieces : Number.POSITIVE_INFINITY;
}
