import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { SentOffers } from "#signaling/webtorrent/sent-offers.ts";

const here = (number: number) => ({ kind: "here", number }) as const;
const there = (number: number, home = "0123456789abcdef") => ({ kind: "elsewhere", home, number }) as const;
const MOST = 64;

test("an offer is answered once, and only by whom it was handed to", () => {
  const sent = new SentOffers();
  sent.add(7, here(1), 0);
  assert.equal(sent.take(8, here(1), 0), false);
  assert.equal(sent.take(7, here(2), 0), false);
  assert.equal(sent.take(7, there(1), 0), false);
  assert.equal(sent.take(7, here(1), 0), true);
  assert.equal(sent.take(7, here(1), 0), false);
});

test("an offer that went to another process is answered from there, not from a third nor from here", () => {
  const sent = new SentOffers();
  sent.add(7, there(1), 0);
  assert.equal(sent.take(7, here(1), 0), false);
  assert.equal(sent.take(7, there(1, "fedcba9876543210"), 0), false);
  assert.equal(sent.take(7, there(1), 0), true);
});

test("one offer that went to two is answered by both", () => {
  const sent = new SentOffers();
  sent.add(7, here(1), 0);
  sent.add(7, here(2), 0);
  assert.deepEqual([sent.take(7, here(2), 0), sent.take(7, here(1), 0)], [true, true]);
});

test("an answer comes within a minute, or too late", () => {
  const sent = new SentOffers();
  for (const hash of [1, 2]) sent.add(hash, here(1), 1000 * second);
  assert.equal(sent.take(1, here(1), 1060 * second), true);
  assert.equal(sent.take(2, here(1), 1061 * second), false);
  assert.equal(sent.take(2, here(1), 1000 * second), false, "it was kept after it was too late");
});

test("of very many offers the newest are remembered, whatever was answered in between", () => {
  const sent = new SentOffers();
  const total = 10 * MOST;
  for (let hash = 0; hash < total; hash++) {
    sent.add(hash, here(hash), 0);
    if (hash % 7 === 3) assert.equal(sent.take(hash, here(hash), 0), true);
  }
  const kept = (hash: number) => sent.take(hash, here(hash), 0);
  assert.equal(kept(total - MOST - 1), false);
  for (let hash = total - MOST; hash < total; hash++) assert.equal(kept(hash), hash % 7 !== 3, String(hash));
});

test("hashes of all 32 bits are told apart", () => {
  const sent = new SentOffers();
  sent.add(0xffff_ffff, here(1), 0);
  assert.equal(sent.take(0x7fff_ffff, here(1), 0), false);
  assert.equal(sent.take(0xffff_ffff, here(1), 0), true);
});
