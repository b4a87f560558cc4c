import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { TokenBucket } from "#sdk/base/token-bucket.ts";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { UplinkEstimate } from "#sdk/engine/peers/uplink.ts";
import { CHUNK } from "./stage.ts";

/** Somebody always wants more; the line drains its queue at a rate that may change. */
function drive(
  uplink: UplinkEstimate,
  line: (now: number) => number,
  untilMs: number,
  { stuck = (_now: number): number => 0, mostChunks = 16 } = {},
) {
  const bucket = new TokenBucket({ leastBurst: CHUNK, mostBurst: 4 * CHUNK });
  let queue = 0;
  const samples: { now: number; queueMs: number; allowance: number; sent: number }[] = [];
  for (let now = 1; now <= untilMs; now++) {
    queue = Math.max(0, queue - line(now) / 1000);
    bucket.limit(uplink.allowance, now);
    let sent = 0;
    while (queue < mostChunks * CHUNK) {
      if (bucket.waitMs(CHUNK, now) > 0) {
        uplink.held();
        break;
      }
      bucket.take(CHUNK, now);
      const excess = uplink.queued(queue + stuck(now), now);
      bucket.limit(uplink.allowance, now);
      if (excess > 0) bucket.take(excess, now);
      queue += CHUNK;
      sent += CHUNK;
      uplink.sent(CHUNK);
    }
    samples.push({ now, queueMs: (1000 * queue) / line(now), allowance: uplink.allowance, sent });
  }
  const after = (from: number) => samples.filter(({ now }) => now > from);
  const sentAfter = (from: number) => after(from).reduce((sum, { sent }) => sum + sent, 0);
  return { after, rate: (from: number) => (1000 * sentAfter(from)) / (untilMs - from) };
}

for (const mbit of [1, 4, 20]) {
  test(`a line of ${mbit} Mbit/s is used to 75–97 %, without a queue of more than 100 ms and two chunks`, () => {
    const capacity = mbit * 125_000;
    const { after, rate } = drive(new UplinkEstimate(ENGINE_DEFAULTS), () => capacity, 60_000);
    const used = rate(10_000) / capacity;
    assert.ok(used > 0.75 && used < 0.97, `${used}`);
    const worst = Math.max(...after(10_000).map(({ queueMs }) => queueMs));
    assert.ok(worst < 100 + (1000 * 2.1 * CHUNK) / capacity, `${worst} ms`);
  });
}

test("a line of 40 MB/s is found out within 150 ms, and then left to its channels", () => {
  const { after } = drive(new UplinkEstimate(ENGINE_DEFAULTS), () => 40e6, 150);
  assert.equal(after(149)[0]?.allowance, Number.POSITIVE_INFINITY);
});

test("a line that becomes slower is followed within seconds, and so is one that becomes faster", () => {
  const line = (now: number) => (now < 20_000 || now > 60_000 ? 1e6 : 250_000);
  const { after } = drive(new UplinkEstimate(ENGINE_DEFAULTS), line, 80_000);
  const allowance = (at: number) => after(at)[0]?.allowance ?? 0;
  assert.ok(allowance(25_000) < 300_000, `${allowance(25_000)}`);
  assert.ok(allowance(79_000) > 650_000, `${allowance(79_000)}`);
});

test("a peer that is slow to take its two chunks slows the others for seconds only", () => {
  const slowly = (now: number) => Math.min(2 * CHUNK, Math.max(0, now - 5000) * 200);
  const { rate } = drive(new UplinkEstimate(ENGINE_DEFAULTS), () => 1e6, 40_000, { stuck: slowly });
  assert.ok(rate(25_000) > 750_000, `${rate(25_000)}`);
});

/** A page that is busy: it sends, and sees what its channels hold, between two tasks that take up to 300 ms. Bytes a second. */
function busyPage(uplink: UplinkEstimate, lineBytesPerSecond: number, seed: number): number {
  const random = seededRandom(seed);
  const bucket = new TokenBucket({ leastBurst: CHUNK, mostBurst: 4 * CHUNK });
  const untilMs = 60_000;
  let [queue, seen, sent, nextAt, serveAt] = [0, 0, 0, 0, 0];
  for (let now = 1; now <= untilMs; now++) {
    queue = Math.max(0, queue - lineBytesPerSecond / 1000);
    if (now < nextAt) continue;
    nextAt = now + 1 + random.below(300);
    if (serveAt > 0) uplink.late(now - serveAt);
    serveAt = 0;
    // The task that tells what drained meanwhile is itself one of those that wait.
    for (const told of [false, true]) {
      if (told) seen = queue;
      bucket.limit(uplink.allowance, now);
      for (let chunk = 0; chunk < 4 && seen < 8 * CHUNK; chunk++) {
        const waitMs = bucket.waitMs(CHUNK, now);
        if (waitMs > 0) {
          uplink.held();
          serveAt = now + waitMs;
          break;
        }
        bucket.take(CHUNK, now);
        const excess = uplink.queued(seen, now);
        bucket.limit(uplink.allowance, now);
        if (excess > 0) bucket.take(excess, now);
        [queue, seen, sent] = [queue + CHUNK, seen + CHUNK, sent + CHUNK];
        uplink.sent(CHUNK);
      }
    }
  }
  return (sent * 1000) / untilMs;
}

test("a busy page is not taken for a slow line, as the queue that it sees late is none", () => {
  for (const seed of [1, 2, 3]) {
    const rate = busyPage(new UplinkEstimate(ENGINE_DEFAULTS), 20_000_000, seed);
    assert.ok(rate > 1_000_000, `${rate}`);
  }
});

test("who sends little is not taken for a slow line", () => {
  const uplink = new UplinkEstimate(ENGINE_DEFAULTS);
  for (let now = 0; now < 20_000; now += 500) {
    uplink.queued(0, now);
    uplink.sent(CHUNK);
  }
  assert.ok(uplink.allowance >= ENGINE_DEFAULTS.uplinkStartBytesPerSecond * ENGINE_DEFAULTS.uplinkShare);
});

/** A line that carries nothing between two times, as when packets were lost and a connection waits for its timers. */
const pausing = (bytesPerSecond: number, from: number, to: number) => (now: number) =>
  now > from && now < to ? 0 : bytesPerSecond;

test("a fast line whose connections pause for a second and a half stays a fast line", () => {
  const options = { ...ENGINE_DEFAULTS, uplinkFreeBytesPerSecond: 1_000_000 };
  for (const from of [5, 400, 10_000]) {
    const { after } = drive(new UplinkEstimate(options), pausing(12_500_000, from, from + 1500), from + 4000);
    const slowed = after(0).filter(({ allowance }) => allowance < 1_000_000);
    assert.equal(slowed.length, 0, `from ${from} ms, for ${slowed.length} ms`);
  }
});

test("a fast line that becomes a slow one is followed within seconds", () => {
  const options = { ...ENGINE_DEFAULTS, uplinkFreeBytesPerSecond: 1_000_000 };
  const { after } = drive(new UplinkEstimate(options), (now) => (now < 5000 ? 12_500_000 : 250_000), 20_000);
  assert.ok((after(15_000)[0]?.allowance ?? 0) < 300_000, `${after(15_000)[0]?.allowance}`);
});

test("a peer that is gone with half a megabyte in its channel does not slow the others of a fast line", () => {
  const options = { ...ENGINE_DEFAULTS, uplinkFreeBytesPerSecond: 1_000_000 };
  const stuck = (now: number) => (now > 5000 ? 8 * CHUNK : 0);
  const { rate } = drive(new UplinkEstimate(options), () => 1_200_000, 20_000, { stuck, mostChunks: 4 });
  assert.ok(rate(5000) > 1_100_000, `${rate(5000)}`);
});

test("whose only receiver is gone is not taken for a slow line", () => {
  const uplink = new UplinkEstimate({ ...ENGINE_DEFAULTS, uplinkFreeBytesPerSecond: 1_000_000 });
  for (let now = 1; now < 15_000; now += 20) uplink.queued(8 * CHUNK, now);
  assert.equal(uplink.allowance, Number.POSITIVE_INFINITY);
});
