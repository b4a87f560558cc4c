import assert from "node:assert/strict";
import { test } from "node:test";
import { LineMeter } from "#sdk/client/line-meter.ts";

/** A meter with a clock of its own; `during` lets so many bytes flow in steps of 10 ms. */
function metered() {
  let now = 5000;
  const meter = new LineMeter(() => now);
  const wait = (ms: number) => {
    now += ms;
  };
  const during = (ms: number, bytesPerSecond: number, take: (bytes: number) => void) => {
    for (let at = 0; at < ms; at += 10) {
      wait(10);
      take(bytesPerSecond / 100);
    }
  };
  const origin = (bytes: number) => meter.originSent(bytes);
  const peers = (bytes: number) => meter.peersSent(bytes);
  /** A whole answer, the first byte of which took so long. */
  const answer = (ms: number, bytesPerSecond: number, firstByteMs = 0) => {
    const askedAt = now;
    wait(firstByteMs);
    meter.originAnswered(askedAt);
    during(ms, bytesPerSecond, origin);
    meter.originEnded();
  };
  const rate = () => Math.round(meter.line?.bytesPerSecond ?? 0);
  return { meter, now: () => now, wait, during, origin, peers, answer, rate };
}

test("nothing is known of a line before anything came", () => {
  const { meter, answer } = metered();
  assert.equal(meter.line, undefined);
  answer(0, 0, 80);
  assert.equal(meter.line, undefined, "an answer without a body");
});

test("a line is as fast as an answer's body comes, and known while it still does", () => {
  const { meter, during, origin, rate, now } = metered();
  meter.originAnswered(now());
  during(100, 200_000, origin);
  assert.equal(rate(), 200_000);
  during(5000, 200_000, origin);
  meter.originEnded();
  assert.equal(rate(), 200_000);
});

test("the time in which nothing was asked for is not the line's", () => {
  const { answer, wait, rate } = metered();
  for (let turn = 0; turn < 5; turn++) {
    answer(300, 100_000);
    wait(60_000);
  }
  assert.equal(rate(), 100_000);
});

test("a pause in mid-answer is the line's", () => {
  const { meter, now, during, origin, wait, rate } = metered();
  meter.originAnswered(now());
  during(1000, 100_000, origin);
  wait(3000);
  during(1000, 100_000, origin);
  meter.originEnded();
  assert.ok(rate() < 50_000, `${rate()}`);
});

test("several answers at once count as what they bring together, and one that ends does not end the others", () => {
  const { meter, now, during, origin, wait, rate } = metered();
  meter.originAnswered(now());
  meter.originAnswered(now());
  during(1000, 200_000, origin);
  assert.equal(rate(), 200_000);
  meter.originEnded();
  wait(60_000);
  origin(1000);
  meter.originEnded();
  assert.ok(rate() < 20_000, `the other one stood still: ${rate()}`);
});

test("between chunks of peers a short pause is the line's, and a long one nobody's", () => {
  const { during, peers, wait, rate } = metered();
  during(1000, 100_000, peers);
  const before = rate();
  for (let turn = 0; turn < 10; turn++) {
    wait(5000);
    during(300, 100_000, peers);
  }
  assert.ok(rate() >= before, `${rate()}, ${before} before`);
  const paused = metered();
  for (let turn = 0; turn < 50; turn++) {
    paused.wait(200);
    paused.peers(2000);
  }
  assert.ok(paused.rate() >= 10_000 && paused.rate() < 11_000, `${paused.rate()}`);
});

test("a body that comes in one moment out of some buffer is no sign of a line without limits", () => {
  const { meter, now, origin, wait, rate } = metered();
  meter.originAnswered(now());
  origin(500_000);
  wait(20);
  origin(500_000);
  assert.equal(meter.line, undefined, "it may be only the start");
  meter.originEnded();
  assert.ok(rate() > 0 && rate() <= 20_000_000, `${rate()}`);
});

test("what came lately counts more than what came long ago", () => {
  const { answer, rate } = metered();
  answer(10_000, 1_000_000);
  answer(10_000, 100_000);
  assert.ok(rate() < 150_000, `${rate()}`);
  answer(500, 1_000_000);
  assert.ok(rate() > 150_000 && rate() < 500_000, `half a second is not all: ${rate()}`);
});

test("what the origin sends counts, and faster peers only when it was not asked for three minutes", () => {
  const { answer, during, peers, rate, wait } = metered();
  during(1000, 300_000, peers);
  assert.equal(rate(), 300_000, "there was nothing else");
  answer(1000, 100_000);
  during(1000, 300_000, peers);
  assert.equal(rate(), 100_000);
  wait(178_000);
  assert.equal(rate(), 100_000);
  wait(2000);
  assert.equal(rate(), 300_000);
  answer(5000, 900_000);
  assert.ok(rate() > 700_000);
  wait(200_000);
  during(1000, 300_000, peers);
  assert.ok(rate() > 700_000, "slower peers take nothing back");
});

test("an answer that is cancelled at its beginning says nothing", () => {
  const { answer, rate } = metered();
  answer(1000, 1_000_000);
  for (let turn = 0; turn < 20; turn++) answer(200, 10_000);
  assert.equal(rate(), 1_000_000);
  answer(1000, 10_000);
  assert.ok(rate() < 1_000_000, "unless it took long");
});

test("what ends a long pause between chunks of peers came in it, and is not counted either", () => {
  const { wait, peers, meter } = metered();
  for (let turn = 0; turn < 50; turn++) {
    wait(turn % 2 === 0 ? 390 : 410);
    peers(65_536);
  }
  const rate = meter.line?.bytesPerSecond ?? 0;
  assert.ok(rate > 150_000 && rate < 180_000, `${rate} of 164,000`);
});

test("the origin's first byte is smoothed over its answers, and peers have none", () => {
  const { meter, answer } = metered();
  answer(300, 100_000, 100);
  assert.equal(meter.line?.firstByteMs, 100);
  answer(300, 100_000, 300);
  assert.equal(meter.line?.firstByteMs, 200);
  const alone = metered();
  alone.during(1000, 100_000, alone.peers);
  assert.equal(alone.meter.line?.firstByteMs, 0);
});
