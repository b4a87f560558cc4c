import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { Committee } from "#sdk/engine/swarm/committee.ts";
import { MAX_ROSTER_ENTRIES } from "#sdk/protocol/limits.ts";
import { liveContent, type SimContent, simContent } from "#test/sim/sim-content.ts";
import { of, peerNo, Stage } from "./stage.ts";

const A = peerNo(1);
const PIECES = 64;
const BLOCK = 16;
const NUMBERS = Array.from({ length: 12 }, (_, n) => n + 1);

function film(number: number): SimContent {
  return simContent(number, [4 * MIB], MIB / 16);
}

function live(number: number): SimContent {
  const stream = liveContent(number);
  stream.publish(PIECES);
  return stream;
}

/** Members of a committee that we are not connected to. */
function members(count: number) {
  return Array.from({ length: count }, (_, n) => ({ peer: peerNo(1000 + n), age: 0 }));
}

/** Of twelve contents, how many are asked of the origin at once when a neighbour told of so many members. */
function askedAtOnce(make: typeof film, options: { playing: boolean; members: number }): number {
  return NUMBERS.filter((number) => {
    const content = make(number);
    const stage = new Stage();
    stage.add(content);
    stage.meet(A, { content });
    stage.hears(A, { type: "roster", handle: 1, request: 0, entries: members(options.members) });
    assert.equal(stage.node.roster(content.content, stage.now).length, options.members, "all are listed");
    const want = { content: content.content, end: 4 * MIB, playing: options.playing };
    const fetches = of(stage.want(want, { firstByteMs: 60_000 }), "fetch-origin");
    return fetches.some(({ first }) => first === 0);
  }).length;
}

test("whoever loads a file leaves to the members of a committee what is theirs, full or not", () => {
  for (const make of [film, live])
    for (const count of [3, Committee.size])
      assert.ok(askedAtOnce(make, { playing: false, members: count }) < NUMBERS.length);
});

test("the viewer of a film fetches what it needs, whoever is on the committee: they may be an hour away", () => {
  for (const count of [3, Committee.size])
    assert.equal(askedAtOnce(film, { playing: true, members: count }), NUMBERS.length);
});

test("the viewer of a live stream leaves to the committee what is theirs when that is full, and else nothing", () => {
  assert.equal(askedAtOnce(live, { playing: true, members: 3 }), NUMBERS.length);
  // This viewer is the next member.
  assert.equal(askedAtOnce(live, { playing: true, members: Committee.size - 2 }), NUMBERS.length);
  assert.ok(askedAtOnce(live, { playing: true, members: Committee.size }) < NUMBERS.length / 2);
});

test("of two who fetch a live segment at once exactly one goes on, though a full committee has a seat for neither", () => {
  let pairs = 0;
  for (let pair = 1; pair <= 40; pair++) {
    const ids = [peerNo(pair), peerNo(pair + 100)] as const;
    const stages = ids.map((self, at) => {
      const stage = new Stage({}, self);
      const content = live(7);
      const other = ids[1 - at] ?? A;
      stage.add(content);
      stage.meet(other, { content });
      const want = { content: content.content, end: 4 * MIB, playing: true };
      const [fetch] = of(stage.want(want, { firstByteMs: 60_000 }), "fetch-origin");
      assert.equal(fetch?.first, 0);
      stage.hears(other, { type: "roster", handle: 1, request: 0, entries: members(MAX_ROSTER_ENTRIES) });
      stage.fetches(other, { first: 0, count: PIECES });
      return { stage, seated: stage.node.roster(content.content, stage.now).includes(self) };
    });
    if (stages.some(({ seated }) => seated)) continue;
    pairs++;
    const stopped = stages.map(({ stage }) => of(stage.effects, "cancel-origin").length);
    assert.deepEqual(stopped.sort(), [0, 1], `pair ${pair}`);
  }
  assert.ok(pairs > 3, `${pairs} pairs without a seat`);
});

test("a viewer in company takes one block at a time; alone, or when playback waits for it, and a file, more", () => {
  const asked = (options: { alone?: boolean; firstByteMs?: number; playing?: boolean }) => {
    const { alone = false, firstByteMs = 60_000, playing = true } = options;
    const content = film(7);
    const stage = new Stage();
    stage.input({ type: "tracker", tracker: { state: "down" } });
    stage.add(content);
    if (!alone) stage.meet(A, { content });
    const fetches = of(
      stage.want({ content: content.content, end: 4 * MIB, playing }, { firstByteMs }),
      "fetch-origin",
    );
    return fetches.reduce((sum, { count }) => sum + count, 0);
  };
  assert.equal(asked({}), BLOCK);
  for (const more of [{ alone: true }, { firstByteMs: 0 }, { playing: false }])
    assert.ok(asked(more) > BLOCK, JSON.stringify(more));
});
