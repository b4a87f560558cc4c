import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteLru } from "#signaling/manifests/byte-lru.ts";
import { FetchAllowance } from "#signaling/manifests/fetch-allowance.ts";
import { FetchSlots } from "#signaling/manifests/fetch-slots.ts";

test("the least recently used goes first, and looking is no use", () => {
  const cache = new ByteLru<number>(3500);
  for (const [index, key] of ["a", "b", "c"].entries()) cache.set(key, index, 800);
  assert.equal(cache.get("a"), 0);
  assert.equal(cache.peek("b"), 1);
  cache.set("d", 3, 800);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => cache.peek(key)),
    [0, undefined, 2, 3],
  );
});

test("the bytes of what is replaced, removed or too large are not counted", () => {
  const cache = new ByteLru<string>(2000);
  cache.set("a", "one", 1000);
  const { bytes } = cache;
  cache.set("a", "two", 1000);
  assert.deepEqual([cache.bytes, cache.get("a")], [bytes, "two"]);
  cache.set("large", "x", 5000);
  assert.deepEqual([cache.get("large"), cache.bytes], [undefined, 0]);
  cache.set("b", "x", 10);
  cache.delete("b");
  cache.delete("b");
  assert.deepEqual([cache.bytes, cache.size], [0, 0]);
});

test("an address may cause a burst of fetches, then so many a second; more at once than a burst it may never", () => {
  const allowance = new FetchAllowance({ perSecond: 10, burst: 5 });
  const take = (fetches: number, now: number) => allowance.take("a", fetches, now);
  assert.deepEqual([take(6, 0), take(5, 0), take(1, 0), take(0, 0)], [false, true, false, true]);
  assert.deepEqual([take(1, 99), take(1, 100), take(1, 100)], [false, true, false]);
  assert.equal(allowance.take("b", 5, 100), true);
  assert.deepEqual([take(5, 10_000), take(1, 10_000)], [true, false]);
});

test("however many addresses there are, they cost bounded memory, and those who have paid are forgotten first", () => {
  const allowance = new FetchAllowance({ perSecond: 1, burst: 10 });
  allowance.take("greedy", 10, 0);
  for (let n = 0; n < 9999; n++) allowance.take(String(n), 1, 0);
  allowance.take("one more", 1, 5000);
  assert.equal(allowance.addresses, 2);
  assert.equal(allowance.take("greedy", 6, 5000), false);
  for (let n = 0; n < 30_000; n++) allowance.take(String(n), 1, 5000);
  assert.equal(allowance.addresses, 10_000);
});

test("what is urgent comes before what waits longer, each in its order, and a failure frees its place", async () => {
  const slots = new FetchSlots({ concurrent: 1, queued: 4 });
  const order: string[] = [];
  let release = () => {};
  const first = slots.run(
    () =>
      new Promise<void>((_resolve, reject) => {
        release = () => reject(new Error("failed"));
      }),
  );
  const work = (name: string) => async () => void order.push(name);
  const others = [
    slots.run(work("a")),
    slots.run(work("urgent b"), true),
    slots.run(work("c")),
    slots.run(work("urgent d"), true),
  ];
  assert.deepEqual([slots.run(work("e")), slots.running, slots.waiting], [undefined, 1, 4]);
  release();
  await assert.rejects(first ?? Promise.resolve());
  await Promise.all(others);
  assert.deepEqual(order, ["urgent b", "urgent d", "a", "c"]);
  assert.deepEqual([slots.running, slots.waiting], [0, 0]);
});
