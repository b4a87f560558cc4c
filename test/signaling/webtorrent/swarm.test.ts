import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@rivulet/sdk/protocol";
import fc from "fast-check";
import { Swarm, type SwarmMember } from "#signaling/webtorrent/swarm.ts";
import { idText } from "#signaling/webtorrent/write-message.ts";
import { hashNo, peerIdNo } from "../support/tracker-texts.ts";

const swarmOf = (...members: readonly SwarmMember[]) => {
  const swarm = new Swarm(hashNo(1), idText(hashNo(1)), "192.0.2.1");
  for (const member of members) swarm.add(member);
  return swarm;
};
const memberOf = (number: number, isSeeder = false, peer = number): SwarmMember => ({
  peerId: peerIdNo(peer),
  place: number % 3 === 2 ? { kind: "elsewhere", home: "other", number } : { kind: "here", number },
  isSeeder,
  announcedAt: 0,
  position: 0,
});
const numbers = (members: readonly SwarmMember[]) => members.map(({ place }) => place.number);

test("a leecher is told of everybody but itself, and a seeder of leechers only", () => {
  const random = seededRandom(1);
  const leechers = [0, 1, 2, 3].map((n) => memberOf(n));
  const seeders = [10, 11, 12].map((n) => memberOf(n, true));
  const swarm = swarmOf(...leechers, ...seeders);
  for (let round = 0; round < 50; round++) {
    const [leecher, seeder] = [leechers[0], seeders[0]];
    assert.ok(leecher && seeder);
    assert.deepEqual(new Set(numbers(swarm.draw(leecher, 99, random))), new Set([1, 2, 3, 10, 11, 12]));
    assert.deepEqual(new Set(numbers(swarm.draw(seeder, 99, random))), new Set([0, 1, 2, 3]));
  }
});

test("nobody is told of a member that has its own peer id, on whatever connection", () => {
  const asker = memberOf(0);
  const swarm = swarmOf(asker, memberOf(1, false, 0), memberOf(2, true, 0), memberOf(3));
  for (let round = 0; round < 50; round++)
    assert.deepEqual(numbers(swarm.draw(asker, 99, seededRandom(round))), [3]);
});

test("every other member is drawn about as often as any other, and as often first", () => {
  const random = seededRandom(9);
  const members = Array.from({ length: 20 }, (_, n) => memberOf(n, n % 4 === 0));
  const swarm = swarmOf(...members);
  const [asker] = members.slice(1);
  assert.ok(asker);
  const [drawn, first] = [new Map<number, number>(), new Map<number, number>()];
  const count = (of: Map<number, number>, number: number) => of.set(number, (of.get(number) ?? 0) + 1);
  for (let round = 0; round < 19_000; round++) {
    const chosen = numbers(swarm.draw(asker, 5, random));
    assert.equal(new Set(chosen).size, 5);
    for (const number of chosen) count(drawn, number);
    count(first, chosen[0] ?? -1);
  }
  assert.deepEqual([drawn.size, first.size], [19, 19]);
  // 5,000 each with a standard deviation of about 61, and 1,000 each with one of about 31.
  for (const [number, times] of drawn) assert.ok(Math.abs(times - 5000) < 300, `${number}: ${times}`);
  for (const [number, times] of first) assert.ok(Math.abs(times - 1000) < 160, `${number}: ${times}`);
});

test("whoever comes, goes and changes sides, counts and draws are those of the members", () => {
  const step = fc.record({
    number: fc.nat(12),
    isSeeder: fc.boolean(),
    stays: fc.boolean(),
    want: fc.nat(15),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.integer(), (steps, seed) => {
      const random = seededRandom(seed);
      const swarm = swarmOf();
      const model = new Map<number, SwarmMember>();
      for (const { number, isSeeder, stays, want } of steps) {
        const known = model.get(number);
        if (known) swarm.remove(known);
        model.delete(number);
        if (!stays) continue;
        const asker = memberOf(number, isSeeder, number % 7);
        swarm.add(asker);
        model.set(number, asker);
        const all = [...model.values()];
        const seeders = all.filter((member) => member.isSeeder).length;
        const here = all.filter(({ place }) => place.kind === "here");
        assert.deepEqual(
          [swarm.complete, swarm.incomplete, swarm.size],
          [seeders, all.length - seeders, all.length],
        );
        assert.deepEqual([swarm.localSize, swarm.here.length], [here.length, here.length]);
        assert.equal(swarm.elsewhere.length, all.length - here.length);
        const useful = all.filter((other) => other.peerId !== asker.peerId && !(isSeeder && other.isSeeder));
        const drawn = swarm.draw(asker, want, random);
        assert.equal(drawn.length, Math.min(want, useful.length));
        assert.equal(new Set(drawn).size, drawn.length);
        for (const member of drawn) assert.ok(useful.includes(member));
      }
    }),
  );
});

test("a member elsewhere is found by its process and number, and no other by that number", () => {
  const [here, there] = [memberOf(1), memberOf(2)];
  const swarm = swarmOf(here, there);
  assert.equal(swarm.atElsewhere({ kind: "elsewhere", home: "other", number: 2 }), there);
  assert.equal(swarm.atElsewhere({ kind: "elsewhere", home: "another", number: 2 }), undefined);
  assert.equal(swarm.atElsewhere({ kind: "elsewhere", home: "other", number: 1 }), undefined);
  swarm.remove(there);
  assert.equal(swarm.atElsewhere({ kind: "elsewhere", home: "other", number: 2 }), undefined);
});
