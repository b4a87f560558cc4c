import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { TokenBucket } from "#sdk/base/token-bucket.ts";

const CHUNK = 65_536;

function bucket(rate: number, mostBurst = 2 * CHUNK): TokenBucket {
  const made = new TokenBucket({ leastBurst: CHUNK, mostBurst });
  made.limit(rate, 0);
  return made;
}

test("a bucket without a limit lets everything through", () => {
  const free = new TokenBucket({ leastBurst: CHUNK, mostBurst: CHUNK });
  free.take(1e9, 0);
  assert.equal(free.waitMs(1e9, 0), 0);
});

test("over any stretch of time no more is taken than rate × time + burst", () => {
  const rate = 200_000;
  const limited = bucket(rate);
  const random = seededRandom(3);
  const taken: { at: number; bytes: number }[] = [];
  for (let now = 0; now < 20_000; now += 60 * random.next() * random.next()) {
    const bytes = 1 + random.below(CHUNK);
    if (limited.waitMs(bytes, now) > 0) continue;
    limited.take(bytes, now);
    taken.push({ at: now, bytes });
  }
  let total = 0;
  for (const [first, { at: from }] of taken.entries()) {
    let sum = 0;
    for (const { at, bytes } of taken.slice(first)) {
      sum += bytes;
      assert.ok(sum <= (rate * (at - from)) / 1000 + 2 * CHUNK + 1, `${sum} within ${at - from} ms`);
    }
    if (first === 0) total = sum;
  }
  // And the bound is used.
  assert.ok(total > 0.8 * rate * 20, `${total}`);
});

test("whoever waits as long as was said may take, and not before", () => {
  const limited = bucket(100_000);
  limited.take(CHUNK, 0);
  const waitMs = limited.waitMs(CHUNK, 0);
  assert.ok(Math.abs(waitMs - 655.36) < 1e-6, `${waitMs}`);
  assert.ok(limited.waitMs(CHUNK, waitMs - 1) > 0);
  assert.equal(limited.waitMs(CHUNK, waitMs), 0);
});

test("what is larger than the burst waits for a full bucket, and is paid off afterwards", () => {
  const limited = bucket(1_000_000, CHUNK);
  assert.equal(limited.waitMs(10 * CHUNK, 0), 0);
  limited.take(10 * CHUNK, 0);
  assert.ok(Math.abs(limited.waitMs(CHUNK, 0) - (10 * CHUNK) / 1000) < 1e-6);
});

test("a slow bucket does not save up seconds of its line", () => {
  const slow = bucket(100_000, 10 * CHUNK);
  slow.take(CHUNK, 100_000);
  assert.ok(slow.waitMs(CHUNK, 100_000) > 0);
});
