import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RivuletError } from "#sdk/base/errors.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";

test("the first piece is the highest bit of the first byte", () => {
  const field = new Bitfield(10);
  field.add(0);
  field.add(9);
  assert.deepEqual(field.toBytes(), Uint8Array.of(0x80, 0x40));
});

test("adding and deleting say whether they changed anything", () => {
  const field = new Bitfield(3);
  assert.ok(field.add(2));
  assert.ok(!field.add(2));
  assert.ok(field.delete(2));
  assert.ok(!field.delete(2));
  assert.ok(!field.add(3) && !field.add(-1));
  assert.ok(!field.has(3) && !field.has(-1) && !field.delete(99));
  assert.equal(field.count, 0);
});

test("a field behaves as a set of numbers, and its bytes read back", () => {
  const scene = fc.integer({ min: 0, max: 70 }).chain((length) =>
    fc.record({
      length: fc.constant(length),
      steps: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: Math.max(0, length - 1) }))),
    }),
  );
  fc.assert(
    fc.property(scene, ({ length, steps }) => {
      const field = new Bitfield(length);
      const model = new Set<number>();
      for (const [adds, index] of steps) {
        if (adds) field.add(index);
        else field.delete(index);
        if (adds && length > 0) model.add(index);
        else model.delete(index);
      }
      const expected = [...model].sort((a, b) => a - b);
      assert.deepEqual([...field], expected);
      assert.equal(field.count, model.size);
      assert.equal(field.complete, model.size === length);
      assert.deepEqual([...Bitfield.fromBytes(field.toBytes(), length)], expected);
    }),
  );
});

test("a full field is complete and sets no spare bit", () => {
  assert.deepEqual(Bitfield.full(9).toBytes(), Uint8Array.of(0xff, 0x80));
  assert.ok(Bitfield.full(9).complete);
  assert.ok(Bitfield.full(0).complete);
});

test("bytes of another length, or with a spare bit set, are refused", () => {
  const isRefusal = (error: unknown): boolean =>
    error instanceof RivuletError && error.code === "frame-malformed";
  for (const [bytes, length] of [
    [Uint8Array.of(0), 9],
    [Uint8Array.of(0, 0), 8],
    [Uint8Array.of(0), 0],
    [Uint8Array.of(0x01), 7],
    [Uint8Array.of(0xff, 0xc0), 9],
  ] as const) {
    assert.throws(() => Bitfield.fromBytes(bytes, length), isRefusal);
  }
});

test("the bytes handed out are a copy", () => {
  const field = new Bitfield(8);
  field.toBytes()[0] = 0xff;
  assert.equal(field.count, 0);
});

const slide = fc.record({ slide: fc.tuple(fc.nat(120), fc.nat(200)) });
const change = fc.record({ add: fc.boolean(), piece: fc.nat(220) });

test("a sliding field behaves as a set of numbers from its first to its end, and its bytes read back from there", () => {
  const scene = fc.record({
    first: fc.constantFrom<number>(0, 8, 40),
    length: fc.nat(30),
    steps: fc.array(fc.oneof(slide, change), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scene, ({ first, length, steps }) => {
      const field = new Bitfield(length, { first });
      let model = new Set<number>();
      let [from, until] = [first, first + length];
      for (const step of steps) {
        if ("slide" in step) {
          const [to, end] = step.slide;
          field.slide(to, end);
          from = Math.max(from, to - (to % 8));
          until = Math.max(until, end, from);
          model = new Set([...model].filter((piece) => piece >= from));
        } else if (step.add) {
          const fresh = step.piece >= from && step.piece < until && !model.has(step.piece);
          assert.equal(field.add(step.piece), fresh);
          if (fresh) model.add(step.piece);
        } else assert.equal(field.delete(step.piece), model.delete(step.piece));
        assert.deepEqual([field.first, field.end, field.length], [from, until, until - from]);
      }
      const expected = [...model].sort((a, b) => a - b);
      assert.deepEqual([...field], expected);
      assert.equal(field.count, expected.length);
      const read = Bitfield.fromBytes(field.toBytes(), field.length, field);
      assert.deepEqual([...read], expected);
    }),
  );
});

test("a field that slides is never complete, however many it has", () => {
  const field = new Bitfield(2, { first: 8 });
  field.add(8);
  field.add(9);
  assert.equal(field.count, 2);
  assert.ok(field.growing && !field.complete);
  assert.ok(!new Bitfield(0, { first: 0 }).complete);
  assert.ok(!Bitfield.full(2).growing);
});

test("a field slides in whole bytes, and never back", () => {
  const field = new Bitfield(32, { first: 16 });
  for (let piece = 16; piece < 48; piece++) field.add(piece);
  field.slide(31, 0);
  assert.deepEqual([field.first, field.end, field.count], [24, 48, 24]);
  field.slide(0, 40);
  assert.deepEqual([field.first, field.end, field.count], [24, 48, 24]);
  field.slide(-5, 49);
  assert.deepEqual([field.first, field.end, field.has(48)], [24, 49, false]);
});

test("the tail of a field has its last pieces, at most so many, in whole bytes, and is one of its own", () => {
  fc.assert(
    fc.property(fc.nat(10), fc.nat(60), fc.nat(60), (first, length, most) => {
      const field = new Bitfield(length, { first: 8 * first });
      for (let piece = field.first; piece < field.end; piece += 3) field.add(piece);
      const tail = field.tail(most);
      assert.ok(tail.growing && tail.first % 8 === 0 && tail.end >= field.end);
      assert.ok(tail.length <= most && tail.length > Math.min(most, length) - 8, `${tail.length}`);
      assert.deepEqual(
        [...tail],
        [...field].filter((piece) => piece >= tail.first),
      );
      assert.equal(tail.count, [...tail].length);
      const { count } = field;
      for (const piece of [...tail]) tail.delete(piece);
      assert.equal([...field].length, count, "what it loses the field does not");
    }),
  );
});

test("a field may slide past all that it spoke of, as far as pieces are numbered", () => {
  const field = new Bitfield(16, { first: 0 });
  field.add(3);
  field.slide(2 ** 32 - 8, 2 ** 32);
  assert.deepEqual([field.first, field.end, field.count], [2 ** 32 - 8, 2 ** 32, 0]);
  assert.ok(field.add(2 ** 32 - 1) && !field.add(3) && !field.has(3));
  assert.deepEqual(field.toBytes(), Uint8Array.of(0x01));
});

test("a first piece that is no multiple of eight is refused on the wire, and so is a spare bit", () => {
  for (const [bytes, length, first] of [
    [Uint8Array.of(0x80), 8, 4],
    [Uint8Array.of(0x01), 7, 8],
    [Uint8Array.of(0, 0), 8, 8],
  ] as const)
    assert.throws(
      () => Bitfield.fromBytes(bytes, length, { first }),
      (error) => error instanceof RivuletError && error.code === "frame-malformed",
    );
  assert.deepEqual([...Bitfield.fromBytes(Uint8Array.of(0x82), 7, { first: 8 })], [8, 14]);
});

test("a sketch has a bit for each 64th in which there is a piece, the first in the highest", () => {
  const of = (length: number, pieces: number[], first?: number) => {
    const field = new Bitfield(length, first === undefined ? undefined : { first });
    for (const piece of pieces) field.add(piece);
    return field.sketch;
  };
  assert.equal(of(64, [0, 1, 63]), "c000000000000001");
  assert.equal(of(6400, [0, 99, 100, 6399]), "c000000000000001");
  assert.equal(of(6400, []), "0000000000000000");
  assert.equal(of(0, []), "0000000000000000");
  assert.equal(of(2, [1]), "0000000080000000");
  assert.equal(of(64, [4097, 4159], 4096), "4000000000000001");
  assert.equal(Bitfield.full(524_288).sketch, "ffffffffffffffff");
});
