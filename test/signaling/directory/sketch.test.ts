import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatSketch, gain, parseSketch, type Sketch } from "#signaling/directory/sketch.ts";

const hex = fc.stringMatching(/^[0-9a-f]{16}$/);

function sketch(text: string): Sketch {
  const read = parseSketch(text);
  assert.ok(read);
  return read;
}

test("a sketch is 16 hex digits in lower case, and is written as it was read", () => {
  fc.assert(fc.property(hex, (text) => assert.equal(formatSketch(sketch(text)), text)));
  const wrong = [
    undefined,
    "",
    "0".repeat(15),
    "0".repeat(17),
    "G".repeat(16),
    "ABCDEF0123456789",
    ` ${"0".repeat(15)}`,
  ];
  assert.deepEqual(
    wrong.map(parseSketch),
    wrong.map(() => undefined),
  );
});

test("the gain is the part of what one lacks that the other has, counted bit by bit", () => {
  const ones = (bits: bigint) => [...bits.toString(2)].filter((digit) => digit === "1").length;
  fc.assert(
    fc.property(hex, hex, (asker, other) => {
      const [mine, theirs] = [BigInt(`0x${asker}`), BigInt(`0x${other}`)];
      const lacking = ~mine & 0xffff_ffff_ffff_ffffn;
      const expected = lacking === 0n ? 0 : ones(theirs & lacking) / ones(lacking);
      assert.equal(gain(sketch(asker), sketch(other)), expected);
    }),
  );
});

test("who has everything gains nothing, and who has nothing gains all that there is", () => {
  const [all, none] = [sketch("f".repeat(16)), sketch("0".repeat(16))];
  assert.deepEqual([gain(all, none), gain(all, all), gain(none, all), gain(none, none)], [0, 0, 1, 0]);
});
