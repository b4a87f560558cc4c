import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerId } from "#sdk/base/ids.ts";
import { Committee, ROSTER_EXPIRY_MS, rosterRank } from "#sdk/engine/swarm/committee.ts";
import { Roster } from "#sdk/engine/swarm/roster.ts";
import { CONTENT, peerNo } from "./stage.ts";

const { content } = CONTENT;
const SELF = peerNo(500);
const [A, B] = [peerNo(1001), peerNo(1002)];

/** Peers by rank, the highest first. */
const RANKED = Array.from({ length: 60 }, (_, n) => peerNo(n + 1)).sort(
  (a, b) => rosterRank(b, content) - rosterRank(a, content),
);

function committee(): Committee {
  return new Committee({ content, self: SELF });
}

function hear(some: Committee, peers: readonly PeerId[], from: PeerId, now = 0): void {
  for (const peer of peers) some.heard(peer, now, from, now);
}

test("a committee has the sixteen of highest rank, in whatever order they were heard of", () => {
  for (const order of [RANKED, [...RANKED].reverse()]) {
    const some = committee();
    hear(some, order, A);
    assert.deepEqual(some.members(0), RANKED.slice(0, 16));
  }
});

test("the next in rank are listed too: when one leaves, all know who moves up, and nobody else takes the seat", () => {
  const [last, ...others] = [...RANKED].reverse() as [PeerId, ...PeerId[]];
  const ours = new Committee({ content, self: last });
  hear(ours, others, A);
  for (let left = 0; left < 8; left++) {
    ours.withdraw(RANKED[left] as PeerId, 1000);
    ours.enlist(1000);
    assert.deepEqual(ours.members(1000), RANKED.slice(left + 1, left + 17));
  }
});

test("a member is one for twelve seconds after its last sign of life, and we ourselves with the others", () => {
  const some = committee();
  some.heard(RANKED[0] as PeerId, -2000, A, 0);
  some.enlist(0);
  assert.deepEqual(new Set(some.members(0)), new Set([RANKED[0], SELF]));
  assert.equal(some.members(5000), some.members(6000), "the same array while nobody comes or goes");
  assert.deepEqual(some.members(ROSTER_EXPIRY_MS - 2000), [SELF]);
});

test("ages grow on the way, so that news that goes in circles dies", () => {
  const [here, there] = [new Roster(SELF), new Roster(A)];
  for (const roster of [here, there]) roster.add(content);
  here.heard(content, [{ peer: RANKED[0] as PeerId, age: 1 }], B, 0);
  for (let now = 0; now < 40_000; now += 1000) {
    there.heard(content, here.entries(content, A, now, false), SELF, now);
    here.heard(content, there.entries(content, SELF, now, false), A, now);
  }
  assert.deepEqual([here.members(content, 40_000), there.members(content, 40_000)], [[], []]);
});

test("whom we lost sight of goes sooner, unless somebody heard of it since", () => {
  const some = committee();
  const [gone, alive] = RANKED as [PeerId, PeerId];
  hear(some, [gone, alive], A);
  some.lost(gone, 1000);
  some.lost(alive, 1000);
  some.heard(gone, 500, B, 1500);
  some.heard(alive, 1200, B, 1500);
  assert.deepEqual(
    some.news(A, 1500, false).map(({ peer }) => peer),
    [alive],
    "nor is it told of any more",
  );
  assert.deepEqual(some.members(4000), [alive]);
});

test("a withdrawal holds against what was said before it, and is believed of the peer itself alone", () => {
  const roster = new Roster(SELF);
  roster.add(content);
  roster.heard(content, [{ peer: A, age: 0 }], B, 0);
  roster.heard(content, [{ peer: A, age: 255 }], B, 100);
  assert.deepEqual(roster.members(content, 100), [A]);
  roster.heard(content, [{ peer: A, age: 255 }], A, 200);
  roster.heard(content, [{ peer: A, age: 2 }], B, 300);
  assert.deepEqual(roster.members(content, 300), []);
  roster.heard(content, [{ peer: A, age: 0 }], B, 400);
  assert.deepEqual(roster.members(content, 400), [A]);
});

test("made-up members of high rank by one neighbour are on half of the duty at most", () => {
  const some = committee();
  const [made, honest] = [RANKED.slice(0, 30), RANKED.slice(30)];
  hear(some, honest, B);
  for (let round = 0; round < 5; round++) hear(some, made, A);
  const members = some.members(0);
  assert.equal(members.filter((peer) => made.includes(peer)).length, 8);
  assert.equal(members.filter((peer) => honest.includes(peer)).length, 8);
});
