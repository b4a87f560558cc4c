import assert from "node:assert/strict";
import { test } from "node:test";
import { RateMeter } from "#sdk/base/rate.ts";

test("before anything was measured the rate is 0", () => {
  assert.equal(new RateMeter().rate(123_456), 0);
});

test("a steady flow is measured within a tenth", () => {
  const meter = new RateMeter();
  for (let now = 1000; now <= 21_000; now += 10) meter.add(1000, now);
  const rate = meter.rate(21_000);
  assert.ok(rate > 90_000 && rate < 110_000, `${rate}`);
  assert.equal(meter.total, 2001 * 1000);
});

test("a burst counts over the time since it began, at least a quarter of a second", () => {
  const meter = new RateMeter();
  meter.add(1000, 0);
  assert.equal(meter.rate(0), 4000);
  assert.equal(meter.rate(1000), 1000);
});

test("what lies further back than the window is forgotten, the total is not", () => {
  const meter = new RateMeter();
  meter.add(1000, 0);
  assert.ok(meter.rate(3900) > 0);
  assert.equal(meter.rate(4100), 0);
  assert.equal(meter.rate(1e12), 0);
  assert.equal(meter.total, 1000);
});

test("a clock that steps back loses nothing", () => {
  const meter = new RateMeter();
  meter.add(1000, 5000);
  meter.add(1000, 4000);
  assert.equal(meter.total, 2000);
  assert.ok(meter.rate(5000) >= 2000);
});
