import assert from "node:assert/strict";
import { test } from "node:test";
import { WaitShare } from "#sdk/client/wait-share.ts";

function after(...waits: readonly (readonly [tookMs: number, mostMs: number])[]): number {
  const share = new WaitShare();
  for (const [tookMs, mostMs] of waits) share.waited(tookMs, mostMs);
  return share.value;
}

const PAID_OFF = [500, 2000] as const;
const IN_VAIN = [2500, 2000] as const;

test("segments wait all of the time that they can, until that was in vain", () => {
  assert.equal(after(), 1);
  assert.equal(after(...Array(50).fill(PAID_OFF)), 1);
  const once = after(IN_VAIN);
  assert.ok(once < 1);
  assert.ok(after(IN_VAIN, PAID_OFF) > once);
});

test("waits in vain let them wait less, but never so little that nothing more is learnt", () => {
  assert.ok(after(IN_VAIN) < after());
  const least = after(...Array(50).fill(IN_VAIN));
  assert.ok(least > 0);
  assert.ok(after(...Array(50).fill(IN_VAIN), PAID_OFF) > least);
  assert.equal(after(...Array(50).fill(IN_VAIN), ...Array(50).fill(PAID_OFF)), 1);
});

test("a wait in vain takes back more than one that paid off gave", () => {
  assert.ok(after(IN_VAIN, PAID_OFF, IN_VAIN) < after(IN_VAIN));
});

test("what could hardly wait tells nothing", () => {
  assert.equal(after([0, 5], [3000, 5], [0, 0]), after());
});
