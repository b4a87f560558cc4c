import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { ENGINE_DEFAULTS, type EngineOptions } from "#sdk/engine/options.ts";
import { Announcer } from "#sdk/engine/swarm/announcer.ts";
import { Membership } from "#sdk/engine/swarm/membership.ts";
import { CONTENT, peerNo } from "./stage.ts";

const { content } = CONTENT;

function membership(options: Partial<EngineOptions> = {}, self = peerNo(50)): Membership {
  return new Membership({ self, options: { ...ENGINE_DEFAULTS, ...options }, random: seededRandom(1) });
}

function candidates(...numbers: number[]) {
  return numbers.map((n) => ({ peer: peerNo(n), complete: n % 2 === 0 }));
}

test("complete candidates are dialled first, never oneself, and never more than may be dialled at once", () => {
  const some = membership({ maxDials: 3, targetConnections: 8 });
  some.learn(content, candidates(1, 2, 3, 4, 50));
  const dialled = some.dial(content, 0);
  assert.equal(dialled.length, 3);
  assert.deepEqual(new Set(dialled.slice(0, 2)), new Set([peerNo(2), peerNo(4)]));
  assert.deepEqual(some.dial(content, 0), []);
});

test("nobody is dialled beyond the target", () => {
  const some = membership({ targetConnections: 2 });
  some.learn(content, candidates(1, 3, 5));
  some.offered({ peer: peerNo(9), content }, 0);
  some.connected(peerNo(9));
  assert.equal(some.dial(content, 0).length, 1);
});

test("who could not be reached is not dialled again before its time", () => {
  const some = membership({ redialAfterMs: 1000, dialTimeoutMs: 100 });
  some.learn(content, candidates(1));
  assert.equal(some.dial(content, 0).length, 1);
  assert.equal(some.wakeAt, 100);
  assert.deepEqual(some.overdue(100), [peerNo(1)]);
  some.learn(content, candidates(1));
  assert.deepEqual(some.dial(content, 1099), []);
  assert.equal(some.dial(content, 1100).length, 1);
});

test("of two who dial each other the lower one's offer stands, on both sides", () => {
  const [low, high] = [membership({}, peerNo(1)), membership({}, peerNo(2))];
  low.learn(content, candidates(2));
  high.learn(content, candidates(1));
  low.dial(content, 0);
  high.dial(content, 0);
  assert.equal(low.offered({ peer: peerNo(2), content }, 0), "no");
  assert.equal(high.offered({ peer: peerNo(1), content }, 0), "yes");
});

test("offers are refused at the cap, from the banned, and from those who are connected", () => {
  const some = membership({ maxConnections: 2 });
  some.bans.add(peerNo(3), 100);
  assert.equal(some.offered({ peer: peerNo(3), content }, 0), "no");
  assert.equal(some.offered({ peer: peerNo(4), content }, 0), "yes");
  some.connected(peerNo(4));
  assert.equal(some.offered({ peer: peerNo(4), content }, 0), "no");
  assert.equal(some.offered({ peer: peerNo(5), content }, 0), "yes");
  assert.equal(some.offered({ peer: peerNo(6), content }, 0), "no");
});

test("a dial counts as hope for every content that its peer is a candidate for", () => {
  const some = membership();
  const other = "f".repeat(64) as typeof content;
  some.learn(content, candidates(1));
  some.learn(other, candidates(1));
  some.dial(content, 0);
  assert.deepEqual([some.dialling(content), some.dialling(other)], [[peerNo(1)], [peerNo(1)]]);
  some.connected(peerNo(1));
  assert.deepEqual([some.dialling(content), some.dialling(other)], [[], []]);
});

test("candidates are remembered up to six for each connection allowed, replaced at random", () => {
  const some = membership({ maxDials: 1000, targetConnections: 1000 });
  some.learn(content, candidates(...Array.from({ length: 300 }, (_, n) => 100 + n)));
  const dialled = some.dial(content, 0);
  assert.equal(dialled.length, 72);
  assert.ok(dialled.includes(peerNo(399)));
});

test("an announce that is asked for gives hope until its grace is over or it is answered", () => {
  const announcer = new Announcer({ graceMs: 500 });
  announcer.tracker({ state: "up" }, 0);
  announcer.add(content, 0);
  assert.deepEqual(announcer.due(0), [content]);
  assert.equal(announcer.hopeUntil(content), 500);
  announcer.answered(content, 60_000, 100);
  assert.equal(announcer.hopeUntil(content), 0);
  assert.equal(announcer.wakeAt, 60_100);
});

test("a tracker that is down gives no hope, a connecting one for its grace, one that is reached or up as long as an announce", () => {
  const announcer = new Announcer({ graceMs: 500 });
  announcer.add(content, 0);
  announcer.tracker({ state: "connecting", graceMs: 800 }, 0);
  announcer.due(0);
  assert.equal(announcer.hopeUntil(content), 800);
  announcer.tracker({ state: "reached" }, 600);
  assert.equal(announcer.hopeUntil(content), 1100);
  announcer.tracker({ state: "up" }, 700);
  assert.equal(announcer.hopeUntil(content), 1200);
  announcer.tracker({ state: "down" }, 900);
  assert.equal(announcer.hopeUntil(content), 0);
});

test("the tracker cannot make us announce more often than every five seconds, nor can haste twice", () => {
  const announcer = new Announcer({ graceMs: 500 });
  announcer.add(content, 0);
  announcer.due(0);
  announcer.answered(content, 1, 0);
  assert.equal(announcer.wakeAt, 5000);
  announcer.hurry(content, 1000);
  assert.deepEqual(announcer.due(1000), [content]);
});

test("haste that can wait is bounded: it comes no sooner than so long after the last announce", () => {
  const announcer = new Announcer({ graceMs: 500 });
  announcer.add(content, 0);
  announcer.hurry(content, 0, 10_000);
  assert.deepEqual(announcer.due(0), [content]);
  announcer.answered(content, 60_000, 100);
  announcer.hurry(content, 2000, 10_000);
  announcer.hurry(content, 3000, 10_000);
  assert.deepEqual(announcer.due(9999), []);
  assert.deepEqual(announcer.due(10_000), [content]);
  announcer.hurry(content, 25_000, 10_000);
  assert.deepEqual(announcer.due(25_000), [content]);
});

test("an announce that nobody answers is made again", () => {
  const announcer = new Announcer({ graceMs: 500 });
  announcer.add(content, 0);
  announcer.due(0);
  assert.deepEqual(announcer.due(59_999), []);
  assert.deepEqual(announcer.due(60_000), [content]);
});
