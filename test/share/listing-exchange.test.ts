import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { second } from "#sdk/base/time.ts";
import { ListingExchange } from "#sdk/client/share/listing-exchange.ts";
import type { ProvedMessage } from "#sdk/client/share/secure-link.ts";
import { MAX_LISTING_PART_BYTES as PART } from "#sdk/protocol/share/limits.ts";
import { testPartner } from "./support/test-partner.ts";

type Part = Extract<ProvedMessage, { readonly type: "listing" }>;

function newcomer(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const whole: Uint8Array[] = [];
  const exchange = new ListingExchange(
    () => undefined,
    (_, listing) => whole.push(listing),
  );
  t.after(() => exchange.stop());
  return { exchange, whole, later: (ms: number) => t.mock.timers.tick(ms) };
}

const part = (offset: number, length: number, bytes = Math.min(PART, length - offset)): Part => ({
  type: "listing",
  length,
  offset,
  bytes: new Uint8Array(bytes).fill(offset / PART + 1),
});

test("nobody gets more of the list than there is of it, however often it asks", () => {
  const listing = new Uint8Array(10 * PART + 5);
  const exchange = new ListingExchange(
    () => listing,
    () => undefined,
  );
  const greedy = testPartner();
  exchange.joined(greedy);
  for (let turn = 0; turn < 1000; turn++) exchange.answer(greedy, 0);
  assert.deepEqual(
    greedy.parts.map(({ offset }) => offset),
    [0, PART, 2 * PART, 3 * PART],
  );
  for (let from = 0; from <= 12 * PART; from += PART) exchange.answer(greedy, from);
  assert.equal(
    greedy.parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    listing.byteLength,
  );
  exchange.stop();
});

test("one that sends nothing, or hardly anything, keeps nobody else from being asked", (t) => {
  const { exchange, later } = newcomer(t);
  const [silent, slow, honest] = [testPartner(), testPartner(), testPartner()];
  for (const each of [silent, slow, honest]) exchange.joined(each);
  assert.deepEqual([silent.asks, slow.asks, honest.asks], [[0], [], []]);
  later(5 * second);
  assert.deepEqual([slow.asks, honest.asks], [[0], []]);
  // At this pace it would take an hour.
  exchange.part(slow, part(0, 700 * PART));
  later(5 * second);
  assert.deepEqual(honest.asks, [0]);
});

test("one that begins well and then stops keeps nobody waiting either; what nobody asked for is not taken", (t) => {
  const { exchange, whole, later } = newcomer(t);
  const [promising, other] = [testPartner(), testPartner()];
  exchange.joined(promising);
  exchange.joined(other);
  exchange.part(other, part(0, 4));
  assert.equal(whole.length, 0);
  exchange.part(promising, part(0, 2 * PART));
  later(5 * second);
  assert.deepEqual(other.asks, []);
  later(5 * second);
  assert.deepEqual(other.asks, [0]);
});

test("while it comes as fast as its line is, nobody else has to send it too, and nothing is asked for again", (t) => {
  const { exchange, whole, later } = newcomer(t);
  const [steady, other] = [testPartner(), testPartner()];
  exchange.joined(steady);
  exchange.joined(other);
  const parts = 16;
  for (let at = 0; at < parts; at++) {
    exchange.part(steady, part(at * PART, parts * PART));
    later(4 * second);
  }
  assert.deepEqual(steady.asks, [0, 4 * PART, 8 * PART, 12 * PART]);
  assert.deepEqual(other.asks, []);
  assert.deepEqual(
    whole.map((listing) => listing.filter((byte, at) => byte !== Math.floor(at / PART) + 1).length),
    [0],
  );
});

test("a line that pauses longer than that goes on where it was, when there is nobody else", (t) => {
  const { exchange, whole, later } = newcomer(t);
  const only = testPartner();
  exchange.joined(only);
  exchange.part(only, part(0, 2 * PART));
  later(600 * second);
  assert.deepEqual([only.asks, only.cuts], [[0], []]);
  exchange.part(only, part(PART, 2 * PART));
  assert.equal(whole.length, 1);
});

test("a list is checked once for each who sent it; parts that are empty, too short or out of turn end the connection", (t) => {
  const { exchange, whole } = newcomer(t);
  const cases = {
    "after the last": [part(0, 4), part(4, 4, 0)],
    empty: [part(0, 3 * PART, 0)],
    "too short": [part(0, 3 * PART, 5)],
    again: [part(0, 3 * PART), part(0, 3 * PART)],
    "of another list": [part(0, 3 * PART), part(PART, 4 * PART)],
  };
  for (const [name, parts] of Object.entries(cases)) {
    const bad = testPartner();
    exchange.joined(bad);
    for (const each of parts) exchange.part(bad, each);
    assert.equal(bad.cuts[0]?.code, "protocol-violation", name);
    exchange.left(bad);
  }
  assert.equal(whole.length, 1);
});

test("who does not know it is not waited for, and is heard when it does", (t) => {
  const { exchange, whole } = newcomer(t);
  const [ignorant, next] = [testPartner(), testPartner()];
  exchange.joined(ignorant);
  exchange.joined(next);
  exchange.part(ignorant, part(0, 0));
  assert.deepEqual(next.asks, [0]);
  exchange.left(next);
  exchange.part(ignorant, part(0, 4));
  assert.equal(whole.length, 1);
});
