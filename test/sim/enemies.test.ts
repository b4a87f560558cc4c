import assert from "node:assert/strict";
import { test } from "node:test";
import { KIB } from "#sdk/base/bytes.ts";
import { second } from "#sdk/base/time.ts";
import { DOWNLOAD, line, PAGE, seeder, visitor } from "./scenarios.ts";
import { simContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";
import { World } from "./world.ts";

const FILE = simContent(1, [10_000_000]);
/** Pieces of sixteen chunks, so that several peers may send parts of one. */
const COARSE = simContent(2, [16_000_000], 1024 * KIB);
const FAST = { line: line(50, 50) };

function bannedBy(host: SimHost): string[] {
  return host.events.flatMap((event) => (event.type === "peer-banned" ? [event.peer] : []));
}

function requestFor(part: { readonly request: number; readonly offset: number; readonly length: number }) {
  return { type: "request", handle: 1, piece: 1, ...part } as const;
}

test("a liar is banned, and the page gets every byte right", () => {
  const world = new World({ seed: 1 });
  const liar = seeder(world, FILE, { ...FAST, lies: 1 });
  const honest = seeder(world, FILE, FAST);
  world.run(second);
  const { host, consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  // The disk refuses to store, and the consumer to take, what was not verified.
  assert.ok(consumer.doneAt !== undefined);
  assert.deepEqual(bannedBy(host), [liar.peer]);
  assert.ok(host.node.peers(world.queue.now).some(({ peer }) => peer === honest.peer));
});

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`of many senders only those who lie are banned, whoever finished the piece (seed ${seed})`, () => {
    const world = new World({ seed });
    const liars = [0.3, 0.05].map(
      (lies) => seeder(world, COARSE, { line: line(20, 50), lies }).peer as string,
    );
    for (let i = 0; i < 3; i++) seeder(world, COARSE, { line: line(2 + i, 50) });
    world.run(second);
    const patience = { firstByteMs: 20 * second, minBytesPerSecond: 200_000 };
    const { host, consumer } = visitor(world, COARSE, { ...FAST, patience });
    for (const at of [3, 4, 5]) world.queue.at(at * second, () => world.cutLinks(0.3));
    world.settle(120 * second);
    assert.ok(consumer.doneAt !== undefined);
    assert.ok(bannedBy(host).length > 0);
    for (const peer of bannedBy(host)) assert.ok(liars.includes(peer));
  });
}

test("a crowd with three liars completes, and nobody bans an honest one", () => {
  const world = new World({ seed: 4 });
  const liars = [1, 2, 3].map(() => visitor(world, FILE, { ...FAST, lies: 0.2 }).host.peer as string);
  for (let i = 0; i < 12; i++) visitor(world, FILE, { ...FAST, patience: DOWNLOAD });
  world.settle(120 * second);
  assert.equal(world.wanting.length, 0);
  const banned = world.hosts.flatMap(bannedBy);
  assert.ok(banned.length > 0);
  for (const peer of banned) assert.ok(liars.includes(peer));
});

test("a peer whose requests make no sense is banned", () => {
  const world = new World({ seed: 5 });
  const { host: victim } = visitor(world, FILE, FAST);
  world.run(second);
  const { host: enemy } = visitor(world, FILE, { ...FAST, patience: PAGE });
  world.run(3 * second);
  assert.ok(enemy.links.isOpen(victim.peer));
  for (let i = 0; i < 5; i++) {
    enemy.links.send(victim.peer, requestFor({ request: 9000 + i, offset: 60_000, length: 60_000 }));
  }
  world.run(4 * second);
  assert.deepEqual(bannedBy(victim), [enemy.peer]);
  assert.ok(!enemy.links.isOpen(victim.peer));
});

test("a peer that pushes chunks nobody asked for is banned", () => {
  const world = new World({ seed: 6 });
  const { host: victim } = visitor(world, FILE, FAST);
  world.run(second);
  const { host: enemy } = visitor(world, FILE, FAST);
  world.run(3 * second);
  for (let i = 0; i < 5; i++) {
    const data = { byteLength: 65_536, content: FILE.content, piece: 1, offset: 0, good: false };
    enemy.links.send(victim.peer, { type: "chunk", handle: 1, request: 4e6 + i, piece: 1, offset: 0, data });
  }
  world.run(4 * second);
  assert.deepEqual(bannedBy(victim), [enemy.peer]);
});

test("a flood of requests fills the queue and no more", () => {
  const world = new World({ seed: 7 });
  const victim = seeder(world, FILE, { line: line(1, 50), engine: { maxQueuedUploads: 16 } });
  world.run(second);
  const { host: enemy } = visitor(world, FILE, FAST);
  world.run(2.5 * second);
  let reads = 0;
  const read = victim.disk.read.bind(victim.disk);
  victim.disk.read = (effect) => {
    reads++;
    read(effect);
  };
  for (let i = 0; i < 1000; i++) {
    enemy.links.send(victim.peer, requestFor({ request: 5e6 + i, offset: 0, length: 65_536 }));
  }
  world.run(3.5 * second);
  assert.ok(reads <= 50, `${reads}`);
});
