import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentId, parsePeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { identityOf } from "#sdk/base/rendezvous.ts";
import { type Petitioner, TitForTat } from "#sdk/engine/peers/choker.ts";
import { type Account, CreditThenReciprocity } from "#sdk/engine/peers/standing.ts";
import { Trail } from "#sdk/engine/peers/trail.ts";
import { BanList } from "#sdk/engine/swarm/ban-list.ts";
import type { DuePiece } from "#sdk/engine/transfer/due-piece.ts";
import { dutyWeight } from "#sdk/engine/transfer/duty.ts";
import { RarestFirst } from "#sdk/engine/transfer/picker.ts";
import { ALL, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

/** A picker looks at the deadline alone. */
const TIMING = { startsAt: 0, bytesPerSecond: 1, hopeUntil: 0, since: 0 };
const due = (piece: number, dueAt: number) => ({ ...TIMING, piece, dueAt });

/** The pieces in the order in which a peer that has all of them is asked. */
function order(
  picker: RarestFirst,
  pieces: readonly DuePiece[],
  availability: (piece: number) => number,
  begun = true,
): number[] {
  const rank = (one: DuePiece) => picker.rank(one, { availability: availability(one.piece), begun, now: 0 });
  return [...pieces].sort((a, b) => rank(a) - rank(b)).map(({ piece }) => piece);
}

test("what is due soon goes by deadline, the rest rarest first", () => {
  const pieces = [due(0, 1000), due(1, 3000), due(2, 60_000), due(3, 61_000), due(4, 62_000)];
  const availability = (piece: number) => [1, 9, 5, 2, 8][piece] as number;
  assert.deepEqual(order(new RarestFirst(7), pieces, availability), [0, 1, 3, 2, 4]);
});

test("equally rare pieces go in another order at another peer", () => {
  const pieces = Array.from({ length: 50 }, (_, piece) => due(piece, 60_000));
  const orders = [1, 2].map((salt) => order(new RarestFirst(salt), pieces, () => 1));
  assert.notDeepEqual(orders[0], orders[1]);
});

test("the first pieces of all are any, but for those that are due", () => {
  const pieces = Array.from({ length: 50 }, (_, piece) => due(piece, piece === 49 ? 1000 : 60_000));
  const begun = order(new RarestFirst(3), pieces, (piece) => piece);
  const first = order(new RarestFirst(3), pieces, (piece) => piece, false);
  assert.deepEqual([begun[0], begun[1], first[0]], [49, 0, 49]);
  assert.notDeepEqual(first, begun);
});

test("duty falls to each of many peers about equally often, and to one of them each time", () => {
  const identities = Array.from({ length: 10 }, (_, n) => identityOf(peerNo(n * 7919 + 1), CONTENT.content));
  const times = new Map<number, number>();
  for (let block = 0; block < 2000; block++) {
    const weights = identities.map((identity) => dutyWeight(identity, block));
    assert.equal(new Set(weights).size, 10);
    const onDuty = weights.indexOf(Math.max(...weights));
    times.set(onDuty, (times.get(onDuty) ?? 0) + 1);
  }
  assert.equal(times.size, 10);
  for (const count of times.values()) assert.ok(count > 120 && count < 290, `${count}`);
});

test("a peer's weight for a block is the same on every peer, for every version of Rivulet", () => {
  const content = parseContentId("1234abcd".padStart(64, "c0ffee"));
  const identity = identityOf(parsePeerId("9876fedc".padStart(32, "beef")), content);
  assert.equal(identity, 0x1234abcd ^ 0x9876fedc);
  // From another implementation.
  assert.deepEqual(
    [0, 1, 16, 2_000_000].map((block) => dutyWeight(identity, block)),
    [1364411508, 4278077199, 3863752730, 3788566385],
  );
});

function petitioner(n: number, gives = 0, rest: Partial<Petitioner> = {}): Petitioner {
  return {
    peer: peerNo(n),
    givesBytesPerSecond: gives,
    takesBytesPerSecond: 0,
    connectedAt: 0,
    served: false,
    newcomer: false,
    freeRider: false,
    ...rest,
  };
}

test("everybody is served while there are slots", () => {
  const choker = new TitForTat({ optimisticEveryMs: 30_000, random: seededRandom(1) });
  assert.equal(choker.choose([petitioner(1), petitioner(2)], 2, 0).size, 2);
  assert.equal(choker.choose([petitioner(1)], 0, 0).size, 0);
});

test("the slots but one go to those who give most, the last one moves on after its time", () => {
  const choker = new TitForTat({ optimisticEveryMs: 30_000, random: seededRandom(1) });
  const all = Array.from({ length: 10 }, (_, n) => petitioner(n, n >= 7 ? 1000 * n : 0));
  const seen = new Set<string>();
  for (let now = 0; now < 30 * 30_000; now += 10_000) {
    const chosen = choker.choose(all, 4, now);
    assert.equal(chosen.size, 4);
    for (const best of [7, 8, 9]) assert.ok(chosen.has(peerNo(best)));
    const [optimistic] = [...chosen].filter((peer) => peer < peerNo(7));
    seen.add(optimistic as string);
  }
  assert.equal(seen.size, 7);
});

test("the optimistic slot stays until its time is over", () => {
  const choker = new TitForTat({ optimisticEveryMs: 30_000, random: seededRandom(2) });
  const all = Array.from({ length: 10 }, (_, n) => petitioner(n));
  const first = choker.choose(all, 1, 0);
  assert.deepEqual(choker.choose(all, 1, 29_999), first);
  assert.notDeepEqual(choker.choose(all, 1, 30_000), first);
});

test("bans end, and the list of them is bounded", () => {
  const bans = new BanList();
  bans.add(peerNo(1), 100);
  assert.ok(bans.has(peerNo(1), 99) && !bans.has(peerNo(1), 100));
  for (let n = 0; n <= BanList.limit; n++) bans.add(peerNo(n), 1000);
  assert.ok(!bans.has(peerNo(0), 0) && bans.has(peerNo(1), 0) && bans.has(peerNo(BanList.limit), 0));
});

test("a peer that may not upload claims no piece, until it may", () => {
  const stage = new Stage();
  stage.input({ type: "upload-allowed", allowed: false });
  stage.add(CONTENT, ALL);
  const [open] = sent(stage.meet(peerNo(1)), "open");
  assert.ok(open?.bits.every((byte) => byte === 0));
  const [announced] = of(stage.effects, "announce");
  assert.equal(announced?.complete, false);
  const [news] = sent(stage.input({ type: "upload-allowed", allowed: true }), "have");
  assert.deepEqual(news?.pieces, ALL);
});

test("an announce says what the peer has, and how many further connections it takes", () => {
  const stage = new Stage({ maxConnections: 3, targetConnections: 2 });
  stage.meet(peerNo(1));
  stage.add(CONTENT, [0, 19]);
  const [announced] = of(stage.effects, "announce");
  assert.deepEqual([announced?.have, announced?.free, announced?.want], ["8000000000000008", 2, 2]);
});

test("a peer that is full says so soon, and again when it has room, but not every moment", () => {
  const stage = new Stage({ maxConnections: 2, targetConnections: 1 });
  stage.input({ type: "tracker", tracker: { state: "up" } });
  stage.add();
  const { content } = CONTENT;
  const told = () => of(stage.effects, "announce").map(({ free }) => free);
  stage.input({ type: "candidates", content, candidates: [], intervalMs: 120_000 });
  assert.deepEqual(told(), [2]);
  stage.meet(peerNo(1));
  stage.meet(peerNo(2));
  assert.deepEqual(told(), [2]);
  stage.wait(10_000);
  assert.deepEqual(told(), [2, 0]);
  stage.input({ type: "candidates", content, candidates: [], intervalMs: 120_000 });
  stage.input({ type: "disconnected", peer: peerNo(2) });
  assert.deepEqual(told(), [2, 0]);
  stage.wait(10_000);
  const [, , third = 0, ...others] = told();
  assert.deepEqual([third > 0, others], [true, []]);
});

test("a peer that serves nobody takes no connections either, as far as the tracker is told", () => {
  const stage = new Stage();
  stage.input({ type: "upload-allowed", allowed: false });
  stage.add(CONTENT);
  const [announced] = of(stage.effects, "announce");
  assert.equal(announced?.free, 0);
});

const ACCOUNT: Account = {
  givenBytes: 10e6,
  receivedBytes: 0,
  servedForMs: 60_000,
  withholds: true,
  seeding: false,
  entrustedBytes: 10e6,
  passedOnBytes: 0,
};
const standing = new CreditThenReciprocity({ newcomerBytes: 1e6, newcomerMs: 10_000 });

test("a peer that takes and keeps what we need is a free rider, until it gives", () => {
  assert.ok(standing.freeRider(ACCOUNT));
  assert.ok(!standing.freeRider({ ...ACCOUNT, receivedBytes: 1e6 }));
  assert.ok(!standing.freeRider({ ...ACCOUNT, withholds: false }));
});

test("a newcomer is no free rider before it got its allowance, in bytes and in time", () => {
  assert.ok(!standing.freeRider({ ...ACCOUNT, givenBytes: 0.9e6 }));
  assert.ok(!standing.freeRider({ ...ACCOUNT, servedForMs: 9_000 }));
});

test("to a seeder, who passes nothing on of what it alone was given is a free rider", () => {
  const seeding = { ...ACCOUNT, seeding: true, withholds: false };
  assert.ok(standing.freeRider(seeding));
  assert.ok(!standing.freeRider({ ...seeding, passedOnBytes: 2e6 }));
  assert.ok(!standing.freeRider({ ...seeding, entrustedBytes: 0.5e6 }));
});

test("what a peer withheld while we needed it counts once we need nothing, until it passes something on", () => {
  const since = { ...ACCOUNT, seeding: true, withholds: true, entrustedBytes: 0 };
  assert.ok(standing.freeRider(since));
  assert.ok(!standing.freeRider({ ...since, passedOnBytes: 1e6 }));
});

test("a peer is trusted with what nobody else has while most of what it had so turns up elsewhere", () => {
  assert.ok(standing.trusts({ entrustedBytes: 4e6, passedOnBytes: 0 }), "on its way, maybe");
  assert.ok(!standing.trusts({ entrustedBytes: 5e6, passedOnBytes: 0 }));
  assert.ok(standing.trusts({ entrustedBytes: 12e6, passedOnBytes: 1e6 }));
});

test("a piece that was given to one peer alone, and turns up at another, was passed on, once", () => {
  const trail = new Trail();
  const { content } = CONTENT;
  assert.ok(trail.gave(content, 1, peerNo(1)));
  assert.ok(trail.gave(content, 2, peerNo(1)));
  assert.ok(!trail.gave(content, 2, peerNo(2)));
  assert.equal(trail.seen(content, 1, peerNo(1)), undefined);
  assert.equal(trail.seen(content, 1, peerNo(3)), peerNo(1));
  assert.equal(trail.seen(content, 1, peerNo(4)), undefined);
  assert.equal(trail.seen(content, 2, peerNo(3)), undefined);
});

test("free riders come last, and get the optimistic slot only when nobody else wants it", () => {
  const choker = new TitForTat({ optimisticEveryMs: 1000, random: seededRandom(4) });
  const riders = [1, 2, 3].map((n) => petitioner(n, 0, { freeRider: true, takesBytesPerSecond: 9e9 }));
  const others = [4, 5, 6].map((n) => petitioner(n));
  for (let now = 0; now < 10_000; now += 1000) {
    const chosen = choker.choose([...riders, ...others], 2, now);
    for (const { peer } of riders) assert.ok(!chosen.has(peer));
  }
  assert.equal(choker.choose([...riders, ...others], 5, 0).size, 5);
  assert.equal(choker.choose(riders, 1, 20_000).size, 1);
});

test("a peer that is served and asks for nothing keeps no slot from one that waits", () => {
  const stage = new Stage({ uploadSlots: 1 });
  stage.add(CONTENT, ALL);
  const unchoked = (peer: number, effects = stage.effects) => sent(effects, "unchoke", peerNo(peer)).length;
  stage.meet(peerNo(1), { wants: true });
  stage.meet(peerNo(2), { wants: true });
  assert.deepEqual([unchoked(1), unchoked(2)], [1, 0]);
  stage.wait(5000);
  assert.equal(unchoked(2), 1);
  assert.equal(sent(stage.effects, "choke").length, 0);
});

test("newcomers are three times as likely to get the optimistic slot", () => {
  const choker = new TitForTat({ optimisticEveryMs: 1000, random: seededRandom(5) });
  const all = Array.from({ length: 12 }, (_, n) => petitioner(n, 0, { newcomer: n < 6 }));
  let newcomers = 0;
  for (let round = 0; round < 2000; round++) {
    const [peer] = choker.choose(all, 1, round * 1000);
    if ((peer as string) < peerNo(6)) newcomers++;
  }
  assert.ok(newcomers > 1350 && newcomers < 1600, `${newcomers}`);
});

test("whoever is served keeps the slot unless another gives clearly more", () => {
  // The last slot is optimistic, and may be anybody's.
  const kept = (rival: number) =>
    Array.from({ length: 8 }, (_, seed) =>
      new TitForTat({ optimisticEveryMs: 1000, random: seededRandom(seed) })
        .choose([petitioner(1, 1000, { served: true }), petitioner(2, rival), petitioner(3)], 2, 0)
        .has(peerNo(1)),
    );
  assert.ok(kept(1200).every(Boolean));
  assert.ok(!kept(1300).every(Boolean));
});
