import assert from "node:assert/strict";
import { test } from "node:test";
import { minute, type Random, seededRandom } from "@rivulet/sdk/protocol";
import { rankedPeers } from "#signaling/directory/ranked-peers.ts";
import { type Member, Room } from "#signaling/directory/room.ts";
import { parseSketch } from "#signaling/directory/sketch.ts";
import { identity } from "../support/identities.ts";

const NOW = 10 * minute;
const HALF = parseSketch("00000000ffffffff");
const OTHER_HALF = parseSketch("ffffffff00000000");

const memberOf = (n: number, traits: Partial<Member> = {}): Member => ({
  peer: identity(n).peer,
  home: undefined,
  group: "far",
  isSuperPeer: false,
  since: NOW,
  complete: false,
  have: HALF,
  free: 4,
  ...traits,
});

function roomOf(members: readonly Member[]): Room {
  const room = new Room("");
  for (const member of members) room.put(member);
  return room;
}

const crowd = (count: number, traits: (n: number) => Partial<Member> = () => ({})) =>
  Array.from({ length: count }, (_, n) => memberOf(n, traits(n)));

/** Whom member 0 is told of. */
function told(members: readonly Member[], { want = 4, randomShare = 0, seed = 1 } = {}): readonly Member[] {
  const [member] = members;
  assert.ok(member);
  return rankedPeers({ random: seededRandom(seed), randomShare })(roomOf(members), {
    member,
    want,
    now: NOW,
  });
}

const REASONS: readonly [reason: string, better: Partial<Member>][] = [
  ["who has what it lacks", { have: OTHER_HALF }],
  ["who has everything", { complete: true }],
  ["who is near", { group: "near" }],
  ["who takes more connections", { free: 8 }],
  ["a super peer", { isSuperPeer: true }],
  ["who has stayed for longer", { since: NOW - 2 * minute }],
];

for (const [reason, better] of REASONS) {
  test(`with all else equal, ${reason} is preferred and comes first`, () => {
    const members = crowd(40, (n) => (n === 0 ? { group: "near" } : n % 10 === 3 ? better : {}));
    const expected = [3, 13, 23, 33].map((n) => members[n]);
    assert.deepEqual(new Set(told(members)), new Set(expected));
    assert.ok(expected.includes(told(members, { want: 1 })[0]));
  });
}

test("gain weighs more than nearness, and that more than free connections or a super peer, and age least", () => {
  const worse = [{ have: OTHER_HALF }, { group: "near" }, { isSuperPeer: true }, { since: NOW - 2 * minute }];
  const members = crowd(40, (n) => (n === 0 ? { group: "near" } : (worse[n - 1] ?? {})));
  assert.deepEqual(told(members), members.slice(1, 5));
});

test("who does not say what it has or how much it takes is worth less than the best and more than the worst", () => {
  const kinds = [{ have: OTHER_HALF }, { have: undefined }, { have: HALF }];
  const members = [memberOf(0), ...kinds.map((kind, n) => memberOf(n + 1, kind))];
  assert.deepEqual(told(members), members.slice(1));
  const takes = [{ free: 8 }, { free: undefined }, { free: 1 }];
  const others = [memberOf(0), ...takes.map((kind, n) => memberOf(n + 1, kind))];
  assert.deepEqual(told(others), others.slice(1));
});

test("near ones are found in a swarm of which they are a thousandth", () => {
  const members = crowd(5000, (n) => ({ group: n % 1000 === 0 ? "near" : `far ${n}` }));
  const near = new Set([1000, 2000, 3000, 4000].map((n) => members[n]));
  assert.deepEqual(new Set(told(members).slice(0, 4)), near);
});

test("the random share keeps those turning up who are worth least, and no share does not", () => {
  const members = crowd(60, (n) => ({ group: n < 30 ? "near" : "far" }));
  const far = (randomShare: number) => {
    const seen = new Set<Member>();
    for (let seed = 0; seed < 300; seed++)
      for (const other of told(members, { want: 10, randomShare, seed }))
        if (other.group === "far") seen.add(other);
    return seen.size;
  };
  assert.equal(far(0.3), 30);
  assert.equal(far(0), 0);
});

test("so much of each answer as is set is drawn at random, and it comes after the best", () => {
  const members = crowd(2000, (n) => ({ group: n < 100 ? "near" : "far" }));
  for (const [randomShare, most] of [
    [0, 10],
    [0.3, 7],
    [1, 0],
  ] as const) {
    const chosen = told(members, { want: 10, randomShare });
    assert.equal(chosen.length, 10);
    assert.equal(new Set(chosen).size, 10);
    assert.ok(
      chosen.slice(0, most).every(({ group }) => group === "near"),
      `${randomShare}`,
    );
  }
});

test("a full peer is never named, nor oneself, nor a complete one to a complete one", () => {
  for (let seed = 0; seed < 20; seed++) {
    const members = crowd(50, (n) => ({ free: n % 2, complete: n % 5 === 0 }));
    const chosen = told(members, { want: 50, randomShare: 0.5, seed });
    // Odd ones that are not complete: asked by a complete one.
    assert.deepEqual(new Set(chosen), new Set(members.filter((_, n) => n % 2 === 1 && n % 5 !== 0)));
  }
});

test("a small swarm is named as a whole; of a larger one at most sixteen or half, whichever is more", () => {
  const named = (others: number) => told(crowd(others + 1), { want: 50, randomShare: 0.3 }).length;
  assert.deepEqual([1, 5, 16].map(named), [1, 5, 16]);
  for (const others of [17, 20, 32, 33, 40, 60, 99, 100, 1000])
    assert.equal(named(others), Math.min(50, Math.max(16, Math.floor(others / 2))), String(others));
});

test("the work for one answer does not grow with the room, even where nearly all are full", () => {
  let draws = 0;
  const inner = seededRandom(3);
  const random: Random = {
    next: () => inner.next(),
    below: (bound) => {
      draws += 1;
      return inner.below(bound);
    },
  };
  const choose = rankedPeers({ random, randomShare: 0.3 });
  const drawsIn = (members: readonly Member[]) => {
    const [member] = members;
    assert.ok(member);
    const room = roomOf(members);
    draws = 0;
    choose(room, { member, want: 50, now: NOW });
    return draws;
  };
  const ordinary = drawsIn(crowd(10_000, (n) => ({ group: `${n % 7}` })));
  assert.ok(ordinary < 1000, `${ordinary} draws`);
  const full = drawsIn(crowd(10_000, (n) => ({ group: "near", free: n % 1000 === 1 ? 1 : 0 })));
  assert.ok(full < 5000, `${full} draws`);
});
