import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "#sdk/base/time.ts";
import { crowd, DOWNLOAD, line, seeder, visitor } from "./scenarios.ts";
import { simContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";
import { World } from "./world.ts";

const FILM = simContent(1, [20_000_000]);
const FILE = simContent(2, [4_000_000]);
const FAST = { line: line(50, 50) };
const PATIENT = { firstByteMs: 600 * second, minBytesPerSecond: 1 };

/** How many of the hosts that are here can be reached from the first over open connections. */
function reached(world: World): number {
  const here = world.hosts.filter(({ gone }) => !gone);
  const seen = new Set(here.slice(0, 1));
  for (const host of seen) for (const other of host.links.open) seen.add(other);
  return seen.size;
}

function degrees(hosts: readonly SimHost[]): number[] {
  return hosts.filter(({ gone }) => !gone).map((host) => host.links.open.length);
}

test("in a crowd of 80 everybody has about ten connections, and all hang together", (context) => {
  const world = new World({ seed: 1 });
  const gossip = { peers: 0, roster: 0, introduce: 0 };
  crowd(world, FILE, { count: 80, withinMs: 8 * second, patience: DOWNLOAD });
  for (const host of world.hosts) {
    const send = host.links.send.bind(host.links);
    host.links.send = (peer, frame) => {
      if (frame.type in gossip) gossip[frame.type as keyof typeof gossip]++;
      send(peer, frame);
    };
  }
  world.run(20 * second);
  const counts = degrees(world.hosts);
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const perSecond = Object.entries(gossip).map(([type, count]) => `${type} ${(count / 80 / 12).toFixed(2)}`);
  context.diagnostic(
    `degree ${Math.min(...counts)} to ${Math.max(...counts)}, mean ${mean.toFixed(1)}; frames a second and host: ${perSecond.join(", ")}`,
  );
  assert.equal(reached(world), 80);
  assert.ok(Math.min(...counts) >= 3 && Math.max(...counts) <= 12 && mean >= 6 && mean <= 11);
  assert.ok((gossip.peers + gossip.roster) / 80 / 12 <= 10);
});

test("without a server newcomers who know one peer find the others by it, and all finish", () => {
  const world = new World({ seed: 2, tracker: { up: false } });
  const first = seeder(world, FILE, FAST);
  world.run(second);
  const newcomers: SimHost[] = [];
  for (let i = 0; i < 16; i++) {
    world.queue.at((2 + i) * second, () => {
      const host = world.join(FAST);
      host.add(FILE);
      newcomers.push(host);
      host.links.bootstrap(first.peer, FILE.content);
      world.queue.after(second, () => host.want(FILE, { patience: PATIENT }));
    });
  }
  world.run(19 * second);
  world.settle(120 * second);
  for (const { consumers } of newcomers) assert.ok(consumers[0]?.doneAt !== undefined);
  // Whom the one peer it knows has no room for yet asks the origin meanwhile.
  assert.ok(world.copies(FILE) <= 2, `${world.copies(FILE)}`);
  world.run(40 * second);
  assert.equal(reached(world), 17, `${degrees(world.hosts)}`);
  assert.ok(newcomers.filter((host) => host.links.open.length >= 3).length >= 12, `${degrees(newcomers)}`);
});

test("a swarm whose tracker vanishes heals from its passive views", () => {
  const world = new World({ seed: 3 });
  const { content } = FILM;
  crowd(world, FILM, { count: 24, withinMs: 4 * second, patience: PATIENT });
  world.run(8 * second);
  world.tracker.vanish();
  for (const host of world.hosts.slice(0, 8)) world.leave(host);
  world.run(40 * second);
  assert.equal(reached(world), 16);
  for (const host of world.hosts.slice(8)) {
    if (host.node.have(content)?.complete) continue;
    assert.ok(host.links.open.length >= 4, `${degrees(world.hosts)}`);
  }
});

test("a full node lets a newcomer in, and never for good at another's cost", () => {
  const world = new World({ seed: 4 });
  const engine = { maxConnections: 6, targetConnections: 4 };
  crowd(world, FILM, { count: 20, withinMs: 2 * second, patience: PATIENT });
  for (let i = 0; i < 10; i++) visitor(world, FILM, { engine, patience: PATIENT });
  world.run(15 * second);
  const { host } = visitor(world, FILM, { engine, patience: PATIENT });
  const at = world.queue.now;
  while (host.links.open.length === 0 && world.queue.now < at + 5 * second) world.run(world.queue.now + 50);
  assert.ok(world.queue.now < at + 2 * second, "well before a dial's timeout");
  world.run(world.queue.now + 20 * second);
  assert.ok(Math.min(...degrees(world.hosts)) >= 1);
});

test("all members of a swarm agree on who is on duty", (context) => {
  const world = new World({ seed: 5 });
  crowd(world, FILM, { count: 60, withinMs: 4 * second, patience: PATIENT });
  world.run(14 * second);
  const lists = world.hosts.map((host) => host.node.roster(FILM.content, world.queue.now));
  const shared = lists.flatMap((list) =>
    lists.map((other) => list.filter((peer) => other.includes(peer)).length),
  );
  const mean = shared.reduce((sum, count) => sum + count, 0) / shared.length;
  context.diagnostic(`two lists of 16 share ${mean.toFixed(2)} on average, ${Math.min(...shared)} at least`);
  assert.ok(lists.every(({ length }) => length >= 12));
  assert.ok(mean >= 14.5 && Math.min(...shared) >= 10, `${mean}`);
});
