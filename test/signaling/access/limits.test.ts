import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { MessageRate, TokenBucket } from "#signaling/access/limits.ts";

const count = (times: number, take: () => boolean) =>
  Array.from({ length: times }, take).filter(Boolean).length;

test("a full bucket gives its burst at once and then nothing", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
  assert.equal(
    count(20, () => bucket.take(0)),
    5,
  );
});

test("a bucket fills at its rate, and never beyond its burst", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
  count(5, () => bucket.take(0));
  assert.equal(
    count(20, () => bucket.take(0.3 * second)),
    3,
  );
  assert.equal(
    count(20, () => bucket.take(60 * second)),
    5,
  );
});

test("a clock that goes back gives no tokens, and takes none when it catches up", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 10 * second);
  assert.equal(bucket.take(10 * second), true);
  assert.equal(bucket.take(0), false);
  assert.equal(bucket.take(10.5 * second), false);
  assert.equal(bucket.take(11 * second), true);
});

test("fractions of a token add up", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
  bucket.take(0);
  const taken = Array.from({ length: 100 }, (_, step) => bucket.take((step + 1) * 100));
  assert.ok(taken.filter(Boolean).length >= 9);
});

test("a bucket that was looked at gives as much as one that was not, and is full again in time", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, 0);
  assert.deepEqual([bucket.has(0), bucket.isFull(0)], [true, true]);
  bucket.take(0);
  assert.deepEqual([bucket.has(0), bucket.isFull(0)], [true, false]);
  bucket.take(0);
  assert.equal(bucket.has(0), false);
  assert.equal(bucket.isFull(0.1 * second), false);
  assert.equal(bucket.isFull(0.2 * second), true);
});

test("messages beyond the rate are refused, and refusals beyond their number end the connection", () => {
  const rate = new MessageRate({ messageRate: 1, messageBurst: 2, maxRefusedMessages: 3 });
  const verdicts = Array.from({ length: 6 }, () => rate.judge(0));
  assert.deepEqual(verdicts, ["pass", "pass", "refuse", "refuse", "refuse", "close"]);
});

test("a connection that waits as told is heard again, and its refusals are forgiven in time", () => {
  const rate = new MessageRate({ messageRate: 1, messageBurst: 1, maxRefusedMessages: 1 });
  for (let at = 0; at < 100; at++) {
    assert.equal(rate.judge(at * 2 * second), "pass");
    assert.equal(rate.judge(at * 2 * second), "refuse");
  }
});
