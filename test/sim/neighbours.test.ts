import assert from "node:assert/strict";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { second } from "#sdk/base/time.ts";
import { DOWNLOAD, figures, line, PAGE, seeder, told, visitor } from "./scenarios.ts";
import { simContent } from "./sim-content.ts";
import { World } from "./world.ts";

const FILE = simContent(1, [10_000_000]);
const FAST = { line: line(50, 50) };

test("a second viewer after the first gets 95 % or more from it", (context) => {
  const world = new World({ seed: 1 });
  visitor(world, FILE, FAST);
  world.settle(60 * second);
  world.run(world.queue.now + second);
  const before = world.origin.bytes;
  const { host, consumer } = visitor(world, FILE, FAST);
  world.settle(120 * second);
  context.diagnostic(told(figures(world, FILE)));
  assert.ok(consumer.doneAt !== undefined);
  assert.ok(host.usefulPeerBytes >= 0.95 * 10_000_000, `${host.usefulPeerBytes}`);
  assert.ok(world.origin.bytes - before <= 0.05 * 10_000_000);
});

for (const seed of [1, 2, 3, 4]) {
  test(`three viewers at once share the origin's work: hardly more than 1 copy (seed ${seed})`, (context) => {
    const world = new World({ seed });
    for (let i = 0; i < 3; i++) visitor(world, FILE, { ...FAST, patience: DOWNLOAD });
    world.settle(120 * second);
    const measured = figures(world, FILE);
    context.diagnostic(told(measured));
    assert.equal(world.wanting.length, 0);
    assert.ok(measured.copies <= 1.1, told(measured));
    assert.ok(measured.originRequests <= 60, told(measured));
  });
}

test("a peer that dies in the middle costs no byte twice that was verified", () => {
  const world = new World({ seed: 2 });
  const first = seeder(world, FILE, FAST);
  seeder(world, FILE, FAST);
  world.run(second);
  const { host, consumer } = visitor(world, FILE, FAST);
  world.run(2.5 * second);
  assert.ok(host.usefulPeerBytes > 0 && consumer.doneAt === undefined);
  world.leave(first);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
  assert.ok(consumer.worstLateMs < 0, `${consumer.worstLateMs}`);
});

test("a peer that falls silent is snubbed, and hung up on in the end", () => {
  const world = new World({ seed: 3 });
  const mute = seeder(world, FILE, FAST);
  world.run(second);
  const { host, consumer } = visitor(world, FILE, FAST);
  world.run(2.2 * second);
  assert.ok(host.usefulPeerBytes > 0 && consumer.doneAt === undefined);
  mute.silent = true;
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined && consumer.worstLateMs < 0, `${consumer.worstLateMs}`);
  world.run(world.queue.now + 30 * second);
  assert.deepEqual(host.node.peers(world.queue.now), []);
});

test("a peer that is silent from the start delays nothing beyond its deadline", () => {
  const world = new World({ seed: 4 });
  seeder(world, FILE, FAST).silent = true;
  world.run(second);
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined && consumer.worstLateMs < 0, `${consumer.worstLateMs}`);
});

test("a connection carries two contents", () => {
  const other = simContent(2, [3_000_000]);
  const world = new World({ seed: 5 });
  const source = seeder(world, FILE, FAST);
  source.add(
    other,
    Array.from({ length: other.geometry.pieceCount }, (_, piece) => piece),
  );
  world.run(second);
  const { host } = visitor(world, FILE, FAST);
  host.add(other);
  host.want(other, { patience: PAGE });
  world.settle(60 * second);
  assert.equal(world.wanting.length, 0);
  assert.equal(host.node.peers(world.queue.now).length, 1);
  assert.ok(figures(world, FILE).offload > 0.95);
});

test("who may not upload uploads nothing", () => {
  const world = new World({ seed: 6 });
  const miser = seeder(world, FILE, FAST);
  miser.input({ type: "upload-allowed", allowed: false });
  world.run(second);
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
  assert.equal(world.events.filter(({ type }) => type === "uploaded").length, 0);
  assert.equal(consumer.bytesFromOrigin, 10_000_000);
});

test("a page that stops reading is fetched for no further than its window", () => {
  const windowBytes = 2 * MIB;
  const world = new World({ seed: 7 });
  seeder(world, FILE, FAST);
  world.run(second);
  const patience = { firstByteMs: 0, minBytesPerSecond: 1_000_000 };
  const { host } = visitor(world, FILE, {
    ...FAST,
    engine: { windowBytes, firstWindowBytes: windowBytes },
    readsUpTo: 500_000,
    patience,
  });
  world.run(30 * second);
  const held = [...host.stored(FILE.content)].length * 65_536;
  assert.ok(held >= windowBytes && held <= windowBytes + 500_000 + 65_536, `${held}`);
});

test("a want that is cancelled stops the origin and the peers", () => {
  const world = new World({ seed: 8 });
  const alone = visitor(world, FILE, FAST);
  world.run(1.5 * second);
  alone.host.cancel(alone.consumer);
  world.run(2 * second);
  const bytes = world.origin.bytes;
  assert.ok(bytes > 0 && bytes < 8_000_000, `${bytes}`);
  world.run(10 * second);
  assert.equal(world.origin.bytes, bytes);
});

test("nobody has more connections than the cap, whoever dials", () => {
  const world = new World({ seed: 9 });
  const engine = { maxConnections: 3, targetConnections: 3 };
  for (let i = 0; i < 12; i++) visitor(world, FILE, { ...FAST, engine });
  world.settle(120 * second);
  assert.equal(world.wanting.length, 0);
});

test("a queue that is full says so, and is asked for less", () => {
  const world = new World({ seed: 10 });
  seeder(world, FILE, { ...FAST, engine: { maxQueuedUploads: 3 } });
  world.run(second);
  const { host, consumer } = visitor(world, FILE, FAST);
  let busy = 0;
  const take = host.input.bind(host);
  host.input = (input) => {
    if (input.type === "frame" && input.frame.type === "reject" && input.frame.reason === "busy") busy++;
    take(input);
  };
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined && consumer.worstLateMs < 0);
  assert.ok(busy > 0 && busy < FILE.geometry.pieceCount / 2, `${busy}`);
});
