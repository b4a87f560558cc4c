import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Geometry } from "#sdk/content/geometry.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import type { Manifest } from "#sdk/content/manifest.ts";

/** A manifest of resources of these sizes; piece `n` of the content has the hash nnnn…. */
function manifestOf(sizes: readonly number[], pieceBytes = MIN_PIECE_BYTES): Manifest {
  let piece = 0;
  const resources = sizes.map((sizeBytes, index) => {
    const hashes = new Uint8Array(Math.ceil(sizeBytes / pieceBytes) * 32);
    for (let at = 0; at < hashes.byteLength; at += 32) hashes.fill(piece++, at, at + 32);
    return {
      path: `r${index}`,
      sizeBytes,
      pieceBytes,
      mediaType: undefined,
      root: new Uint8Array(32),
      hashes,
    };
  });
  return { base: undefined, resources };
}

const size = fc.oneof(
  fc.constantFrom(0, 1, MIN_PIECE_BYTES - 1, MIN_PIECE_BYTES, MIN_PIECE_BYTES + 1, 3 * MIN_PIECE_BYTES),
  fc.integer({ min: 0, max: 5 * MIN_PIECE_BYTES }),
);

test("the pieces tile every resource once, whatever is empty", () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 8 }), (sizes) => {
      const geometry = new Geometry(manifestOf(sizes));
      let next = 0;
      sizes.forEach((sizeBytes, resource) => {
        const run = geometry.piecesOf(resource);
        assert.equal(run.first, next);
        let offset = 0;
        for (; next < run.first + run.count; next++) {
          const place = geometry.place(next);
          assert.deepEqual([place.resource, place.offset], [resource, offset]);
          assert.ok(place.length > 0 && place.length <= MIN_PIECE_BYTES);
          assert.equal(geometry.hash(next)[31], next);
          offset += place.length;
        }
        assert.equal(offset, sizeBytes);
      });
      assert.equal(geometry.pieceCount, next);
    }),
  );
});

test("the pieces of a range are those that share a byte with it", () => {
  const scene = fc.array(size, { minLength: 1, maxLength: 5 }).chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      resource: fc.integer({ min: 0, max: sizes.length - 1 }),
      range: fc.tuple(fc.nat(6 * MIN_PIECE_BYTES), fc.nat(6 * MIN_PIECE_BYTES)),
    }),
  );
  fc.assert(
    fc.property(scene, ({ sizes, resource, range: [start, end] }) => {
      const geometry = new Geometry(manifestOf(sizes));
      const { first, count } = geometry.piecesIn(resource, start, end);
      const own = geometry.piecesOf(resource);
      const touching = Array.from({ length: own.count }, (_, i) => own.first + i).filter((piece) => {
        const { offset, length } = geometry.place(piece);
        return Math.max(start, offset) < Math.min(end, offset + length);
      });
      assert.deepEqual(
        Array.from({ length: count }, (_, i) => first + i),
        touching,
      );
    }),
  );
});

test("a piece or resource that does not exist is an error, not a neighbour", () => {
  const geometry = new Geometry(manifestOf([0, 5, 0]));
  assert.equal(geometry.resourceOf(0), 1);
  assert.throws(() => geometry.place(1), RangeError);
  assert.throws(() => geometry.place(-1), RangeError);
  assert.throws(() => geometry.resource(3), RangeError);
  assert.throws(() => new Geometry(manifestOf([])).resourceOf(0), RangeError);
});
