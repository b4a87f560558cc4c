import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decodeClusterMessage } from "#signaling/cluster/cluster-messages.ts";
import { RedisBackplane } from "#signaling/cluster/redis-backplane.ts";
import { BackplaneEar } from "#test/contract/backplane-ear.ts";
import { RedisServer } from "#test/support/redis-server.ts";
import { contentNo, dialNo, type Identity, identity } from "../support/identities.ts";
import { TestClient } from "../support/test-client.ts";
import { CliProcess } from "./support/cli-process.ts";
import { binaryId, TrackerClient } from "./support/tracker-client.ts";

const [content, dial] = [contentNo(1), dialNo(1)];
const [ann, bob, eve] = [identity(1), identity(2), identity(3)];
const INFO_HASH = binaryId("h");

let redis: RedisServer;
let processes: CliProcess[] = [];
const clients: { readonly socket: { terminate(): void } }[] = [];

before(async () => {
  redis = await RedisServer.start();
  const start = () => CliProcess.start("--redis-url", redis.url, "--log-level", "error");
  processes = await Promise.all([start(), start(), start()]);
});

after(async () => {
  for (const { socket } of clients) socket.terminate();
  await Promise.all(processes.map((process) => process.kill()));
  await redis.dispose();
});

function urlOf(process: number): string {
  return processes[process]?.url ?? assert.fail("there is no such process");
}

async function greet(process: number, who: Identity): Promise<TestClient> {
  const client = await TestClient.greet(urlOf(process), who);
  clients.push(client);
  return client;
}

async function track(process: number, letter: string): Promise<TrackerClient> {
  const client = await TrackerClient.connect(urlOf(process), binaryId(letter));
  clients.push(client);
  return client;
}

/** Announces until the answer is this; the test runner's timeout is the only limit. */
async function untilSees(client: TestClient, others: readonly Identity[]): Promise<void> {
  const wanted = others.map(({ peer }) => peer).sort();
  for (;;) {
    const { peers, members } = await client.announce(content);
    const seen = peers.map(({ peer }) => peer).sort();
    if (members === others.length + 1 && seen.join() === wanted.join()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function untilCounts(client: TrackerClient, members: number): Promise<void> {
  while ((await client.announce(INFO_HASH)) !== members) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An offer goes one way and an answer the other. */
async function introduce(from: readonly [TestClient, Identity], to: readonly [TestClient, Identity]) {
  const [[caller, { peer: callerId }], [callee, { peer: calleeId }]] = [from, to];
  const offer = { type: "offer", sdp: "v=0 ü" };
  caller.say({ type: "introduce", to: calleeId, content, dial, signal: offer });
  const heard = await callee.next("introduce");
  assert.deepEqual([heard.from, heard.dial, heard.signal], [callerId, dial, offer]);
  const answer = { type: "answer", sdp: "v=0" };
  callee.say({ type: "introduce", to: callerId, content, dial, signal: answer });
  const back = await caller.next("introduce");
  assert.deepEqual([back.from, back.signal], [calleeId, answer]);
}

test("members at three processes see each other, are introduced across them, and find each other again after a Redis that was away", {
  timeout: 12000,
}, async () => {
  const [a, b, c] = [await greet(0, ann), await greet(1, bob), await greet(2, eve)];
  await Promise.all([a, b, c].map((client) => client.announce(content)));
  await Promise.all([untilSees(a, [bob, eve]), untilSees(b, [ann, eve]), untilSees(c, [ann, bob])]);
  await introduce([a, ann], [b, bob]);
  await introduce([c, eve], [a, ann]);

  await redis.stop();
  await Promise.all([untilSees(a, []), untilSees(b, []), untilSees(c, [])]);
  const zoe = identity(4);
  const second = await greet(0, zoe);
  await second.announce(content);
  await introduce([a, ann], [second, zoe]);

  await redis.start();
  await Promise.all([untilSees(b, [ann, eve, zoe]), untilSees(c, [ann, bob, zoe])]);
  await untilSees(second, [ann, bob, eve]);
  await introduce([b, bob], [second, zoe]);
  for (const client of [a, b, c, second]) client.socket.close();
});

test("a newcomer is introduced to members elsewhere as soon as it has announced, before any of them has heard of it", {
  timeout: 12000,
}, async () => {
  const kim = identity(5);
  const [member, newcomer] = [await greet(0, ann), await greet(1, kim)];
  const other = await greet(1, bob);
  await Promise.all([member.announce(content), other.announce(content)]);
  await untilSees(other, [ann]);
  await newcomer.announce(content);
  await introduce([newcomer, kim], [member, ann]);
  for (const client of [member, newcomer, other]) client.socket.close();
});

test("a peer that comes back at another process loses its old connection, and is a member once", {
  timeout: 12000,
}, async () => {
  const [watcher, old] = [await greet(2, eve), await greet(0, bob)];
  await Promise.all([watcher.announce(content), old.announce(content)]);
  await untilSees(watcher, [bob]);
  const back = await greet(1, bob);
  await back.announce(content);
  assert.equal((await old.next("error")).code, "replaced");
  assert.deepEqual(await old.closed, { code: 4002, reason: "replaced" });
  await untilSees(watcher, [bob]);
  await introduce([watcher, eve], [back, bob]);
  for (const client of [watcher, back]) client.socket.close();
});

test("a WebTorrent offer and its answer cross processes", { timeout: 12000 }, async () => {
  const [seeder, leecher] = [await track(0, "s"), await track(1, "l")];
  await Promise.all([seeder.announce(INFO_HASH), leecher.announce(INFO_HASH)]);
  await Promise.all([untilCounts(seeder, 2), untilCounts(leecher, 2)]);
  const [offer, offer_id] = [{ type: "offer", sdp: "v=0" }, binaryId("o")];
  leecher.say(INFO_HASH, { left: 1, numwant: 1, offers: [{ offer, offer_id }] });
  const heard = await seeder.next("offer");
  assert.deepEqual([heard.offer, heard.peer_id, heard.offer_id], [offer, leecher.peerId, offer_id]);
  const answer = { type: "answer", sdp: "v=0" };
  seeder.say(INFO_HASH, { to_peer_id: leecher.peerId, offer_id, answer });
  const back = await leecher.next("answer");
  assert.deepEqual([back.answer, back.peer_id, back.offer_id], [answer, seeder.peerId, offer_id]);
  for (const client of [seeder, leecher]) client.socket.close();
});

test("of a killed process nobody is left within 5 beats, and the connections at the others stay", {
  timeout: 12000,
}, async () => {
  const [a, b, c] = [await greet(0, ann), await greet(1, bob), await greet(2, eve)];
  const [here, there] = [await track(0, "x"), await track(2, "y")];
  await Promise.all([a, b, c].map((client) => client.announce(content)));
  await Promise.all([untilSees(a, [bob, eve]), untilSees(b, [ann, eve])]);
  await Promise.all([here.announce(INFO_HASH), there.announce(INFO_HASH)]);
  await untilCounts(here, 2);

  const ear = new BackplaneEar();
  const bus = new RedisBackplane({ url: redis.url }, ear);
  bus.subscribe("rivulet:all");
  await ear.until("up");
  await processes[2]?.kill();
  const before = ear.messages.length;
  await Promise.all([untilSees(a, [bob]), untilSees(b, [ann]), untilCounts(here, 1)]);
  const beats = new Map<string, number>();
  for (const { text } of ear.messages.slice(before)) {
    const home = decodeClusterMessage(text, "all")?.home ?? "";
    beats.set(home, (beats.get(home) ?? 0) + 1);
  }
  await bus.close();
  assert.deepEqual(
    [...beats.values()].filter((count) => count > 5),
    [],
  );
  await introduce([a, ann], [b, bob]);
});
