import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerId } from "#sdk/base/ids.ts";
import { type Audience, Spreader, type Supply } from "#sdk/engine/transfer/spreader.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, peerNo, Stage, sent } from "./stage.ts";

const [A, B, C] = [peerNo(1), peerNo(2), peerNo(3)];
const PIECES = 8;

/** A seeder of eight pieces and what its peers have. */
class Seeder {
  readonly spreader = new Spreader(PIECES, 0);
  readonly has = new Map<PeerId, Set<number>>();

  offers(peers: readonly PeerId[], supply: Partial<Supply> = {}): Map<PeerId, number[]> {
    const audience = peers.map((peer): Audience => ({ peer, lacks: (piece) => !this.of(peer).has(piece) }));
    return this.spreader.offers(audience, {
      room: 4,
      availability: (piece) => [...this.has.values()].filter((has) => has.has(piece)).length,
      again: false,
      offerMs: 1000,
      now: 0,
      ...supply,
    });
  }

  of(peer: PeerId): Set<number> {
    const has = this.has.get(peer) ?? new Set();
    this.has.set(peer, has);
    return has;
  }
}

function all(offers: Map<PeerId, number[]>): number[] {
  return [...offers.values()].flat().sort((a, b) => a - b);
}

test("each piece is offered to one peer, by turns, and no more at once than there is room", () => {
  const seeder = new Seeder();
  const offers = seeder.offers([A, B]);
  assert.deepEqual(all(offers), [0, 1, 2, 3]);
  assert.deepEqual([offers.get(A)?.length, offers.get(B)?.length], [2, 2]);
  assert.deepEqual(all(seeder.offers([A, B])), [], "what is open is not offered again");
});

test("what was taken up makes room, and what nobody has comes before all else until each piece is out", () => {
  const seeder = new Seeder();
  for (const [peer, pieces] of seeder.offers([A, B]))
    for (const piece of pieces) seeder.spreader.taken(peer, piece, 0);
  for (const [peer, pieces] of seeder.offers([A, B])) {
    assert.ok(pieces.every((piece) => piece >= 4));
    for (const piece of pieces) seeder.spreader.taken(peer, piece, 0);
  }
  assert.deepEqual(all(seeder.offers([A, B])), [], "the rest they have from each other");
  assert.equal(all(seeder.offers([A, B], { again: true })).length, 4, "unless there is capacity to spare");
});

test("with capacity to spare the piece that the fewest have goes first", () => {
  const seeder = new Seeder();
  for (let piece = 0; piece < PIECES; piece++) {
    if (piece !== 5) seeder.of(A).add(piece);
    seeder.of(B).add(piece);
  }
  for (let piece = 0; piece < 5; piece++) seeder.of(C).add(piece);
  const offers = seeder.offers([A, B, C], { again: true, room: 1 });
  assert.deepEqual([...offers], [[A, [5]]]);
});

test("an offer that nobody takes up goes to another peer after its time, and not to the same one soon", () => {
  const seeder = new Seeder();
  const first = seeder.offers([A, B], { room: 1 });
  assert.deepEqual([...first], [[A, [0]]]);
  for (let piece = 1; piece < PIECES; piece++) seeder.of(C).add(piece);
  assert.deepEqual([...seeder.offers([A, B], { room: 1, now: 999 })], []);
  assert.deepEqual([...seeder.offers([A, B], { room: 1, now: 1000 })], [[B, [0]]]);
  assert.deepEqual([...seeder.offers([A], { room: 1, now: 2001 })], [], "A did not want it a moment ago");
});

test("the offers of a peer that is gone, and the pieces that only it had, are offered to others", () => {
  const seeder = new Seeder();
  for (const [peer, pieces] of seeder.offers([A, B])) for (const piece of pieces) seeder.of(peer).add(piece);
  seeder.offers([A, B]);
  seeder.has.delete(A);
  assert.ok(all(seeder.offers([B, C], { room: 8 })).includes(0), "A had it");
});

test("a seeder that two peers want something of suggests other pieces to each, and stops when one is left", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  stage.meet(A, { wants: true });
  assert.deepEqual(sent(stage.effects, "suggest"), [], "one alone need not care");
  stage.meet(B, { wants: true });
  stage.wait(25);
  const [toA, toB] = [A, B].map((peer) =>
    sent(stage.effects, "suggest", peer).flatMap(({ pieces }) => pieces),
  );
  assert.ok(toA?.length && toB?.length);
  assert.deepEqual(
    toA.filter((piece) => toB.includes(piece)),
    [],
  );
  stage.input({ type: "disconnected", peer: B });
  assert.deepEqual(sent(stage.wait(50), "suggest", A).at(-1)?.pieces, []);
});

test("a peer whose channel stays full gets no more suggestions, and the others need not wait for its pieces", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  for (const peer of [A, B]) stage.meet(peer, { wants: true });
  stage.wait(25);
  stage.input({ type: "congested", peer: B });
  assert.deepEqual(sent(stage.wait(1500), "suggest", A).at(-1)?.pieces, []);
});

test("a seeder suggests nothing that lies beyond a peer's window, though the peer wants it later", () => {
  const stage = new Stage();
  stage.add(CONTENT, ALL);
  for (const peer of [A, B]) {
    stage.meet(peer, { wants: true });
    const [now, all] = [
      { first: 16, count: 4 },
      { first: 0, count: 20 },
    ];
    stage.hears(peer, { type: "interested", handle: 1, request: 0, now: 1, runs: [now, all] });
  }
  const before = stage.effects.length;
  stage.wait(5000);
  const suggested = sent(stage.effects.slice(before), "suggest").flatMap(({ pieces }) => pieces);
  assert.ok(suggested.length > 0);
  assert.deepEqual(
    suggested.filter((piece) => piece < 16),
    [],
  );
});

test("who is suggested pieces asks for these, for what is due at once, and for others after a while without any", () => {
  const coarse = simContent(12, [20 * CHUNK]);
  const ask = (patience: { firstByteMs: number; minBytesPerSecond: number }) => {
    const stage = new Stage({ idleAfterMs: 500 });
    stage.add(coarse);
    stage.meet(A, { content: coarse, have: ALL, serves: false });
    stage.hears(A, { type: "suggest", handle: 1, request: 0, pieces: [13] });
    stage.want({ content: coarse.content }, patience);
    const first = sent(stage.hears(A, { type: "unchoke", handle: 0, request: 0 }), "request");
    return { stage, first: first.map(({ piece }) => piece) };
  };
  const patient = { firstByteMs: 60_000, minBytesPerSecond: 1000 };
  const calm = ask(patient);
  assert.deepEqual(calm.first, [13]);
  const [request] = sent(calm.stage.effects, "request");
  calm.stage.answers(A, request as NonNullable<typeof request>);
  calm.stage.verifies(13, coarse);
  assert.deepEqual(sent(calm.stage.wait(400), "request"), [], "it waits for more suggestions");
  calm.stage.wait(200);
  calm.stage.hears(A, { type: "have", handle: 1, request: 0, pieces: [0] });
  assert.ok(sent(calm.stage.effects, "request").length > 1, "and takes what it can get in the end");
  assert.ok(
    ask({ firstByteMs: 1000, minBytesPerSecond: 10_000_000 }).first.includes(0),
    "deadlines come first",
  );
});
