import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, shuffle } from "#sdk/base/random.ts";

/** sfc32 written again from its description in PractRand, with exact arithmetic. */
function* referenceSfc32(seed: number): Generator<number> {
  const wrap = (value: bigint): bigint => BigInt.asUintN(32, value);
  let [a, b, c, counter] = [0x9e3779b9n, 0x243f6a88n, BigInt(seed), 1n];
  for (let i = 0; ; i++) {
    const sum = wrap(a + b + counter);
    counter = wrap(counter + 1n);
    a = b ^ (b >> 9n);
    b = wrap(c + (c << 3n));
    c = wrap(wrap((c << 21n) | (c >> 11n)) + sum);
    if (i >= 12) yield Number(sum) / 2 ** 32;
  }
}

test("the numbers are those of sfc32", () => {
  for (const seed of [0, 1, 42, 0xffffffff]) {
    const reference = referenceSfc32(seed);
    const random = seededRandom(seed);
    for (let i = 0; i < 1000; i++) assert.equal(random.next(), reference.next().value);
  }
});

test("one seed tells one story, another seed another", () => {
  const story = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  assert.deepEqual(story(7), story(7));
  assert.notDeepEqual(story(7), story(8));
});

test("below gives whole numbers under its bound, each about as often", () => {
  const random = seededRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const value = random.below(10);
    counts[value] = (counts[value] as number) + 1;
  }
  assert.equal(counts.length, 10);
  for (const count of counts) assert.ok(count > 850 && count < 1150, `${count}`);
  assert.equal(random.below(1), 0);
});

test("shuffling keeps every item, works in place and reaches every order", () => {
  const random = seededRandom(5);
  const orders = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const items = [1, 2, 3, 4];
    assert.equal(shuffle(items, random), items);
    assert.deepEqual([...items].sort(), [1, 2, 3, 4]);
    orders.add(items.join());
  }
  assert.equal(orders.size, 24);
  assert.deepEqual(shuffle([], random), []);
});
