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
