import assert from "node:assert/strict";
import { test } from "node:test";
import { type Waited, WaitShare } from "#sdk/client/wait-share.ts";

function after(...waits: readonly Waited[]): number {
  const share = new WaitShare();
  for (const one of waits) share.waited(one);
  return share.value;
}

const times = (count: number, one: Waited): Waited[] => Array(count).fill(one);

const PAID_OFF = { tookMs: 500, mostMs: 2000, fromPeers: true };
const IN_VAIN = { tookMs: 2500, mostMs: 2000, fromPeers: false };
/** It was this viewer's own turn to ask the origin. */
const OWN_TURN = { tookMs: 300, mostMs: 2000, fromPeers: false };
/** Over before peers can have brought anything. */
const HARDLY = { tookMs: 300, mostMs: 100, fromPeers: false };

test("segments wait all of the time that they can, until that was in vain", () => {
  assert.equal(after(), 1);
  assert.equal(after(...times(50, PAID_OFF), ...times(50, OWN_TURN)), 1);
  const once = after(IN_VAIN);
  assert.ok(once < 1);
  assert.ok(after(IN_VAIN, PAID_OFF) > once);
});

test("waits in vain let them wait less, but never so little that nothing more is learnt", () => {
  assert.ok(after(IN_VAIN) < after());
  const least = after(...times(50, IN_VAIN));
  assert.ok(least > 0);
  assert.ok(after(...times(50, IN_VAIN), PAID_OFF) > least);
  assert.equal(after(...times(50, IN_VAIN), ...times(50, PAID_OFF)), 1);
});

test("a wait in vain takes back more than one that paid off gave", () => {
  assert.ok(after(IN_VAIN, PAID_OFF, IN_VAIN) < after(IN_VAIN));
});

test("what came from peers was no wait in vain, though it came late", () => {
  assert.ok(after(IN_VAIN, { ...IN_VAIN, fromPeers: true }) > after(IN_VAIN));
});

test("a share so small that no wait can pay off grows again, so that nobody stays apart for good", () => {
  const least = after(...times(50, IN_VAIN));
  assert.ok(after(...times(50, IN_VAIN), ...times(20, HARDLY)) > 2 * least);
  assert.ok(after(...times(50, IN_VAIN), ...times(20, OWN_TURN)) > 2 * least);
});
