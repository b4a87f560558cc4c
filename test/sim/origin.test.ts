import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "#sdk/base/time.ts";
import { line, PAGE, seeder, visitor } from "./scenarios.ts";
import { simContent } from "./sim-content.ts";
import { World } from "./world.ts";

const FILE = simContent(1, [10_000_000]);
const FAST = { line: line(50, 50) };
const FOREVER = [0, Number.POSITIVE_INFINITY] as const;

/** How long one visitor takes without anybody else and without a tracker, ms. */
function aloneMs(options: ConstructorParameters<typeof World>[0], patience = PAGE): number {
  const world = new World({ ...options, tracker: { up: false, connectMs: 0, graceMs: 0 } });
  const { consumer } = visitor(world, FILE, { ...FAST, patience });
  world.settle(300 * second);
  return consumer.tookMs;
}

test("an origin without ranges is asked once for the whole, and peers bring what they can", () => {
  const world = new World({ seed: 1, origin: { ranges: false } });
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
  assert.ok(world.origin.requests <= 2, `${world.origin.requests}`);
  const second_ = visitor(world, FILE, FAST);
  world.settle(120 * second);
  assert.ok(second_.host.usefulPeerBytes > 9_000_000);
});

test("two who start at once at an origin without ranges both finish, with at most two copies", () => {
  const world = new World({ seed: 2, origin: { ranges: false } });
  for (let i = 0; i < 2; i++) visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.equal(world.wanting.length, 0);
  assert.ok(world.copies(FILE) <= 2.05, `${world.copies(FILE)}`);
});

test("an origin that answers 503 for a second is tried again, and nobody fails", () => {
  const world = new World({ seed: 3, origin: { outages: [[0, 1.2 * second]] } });
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
});

test("an origin that was out for long is asked again after its pause, while peers hold out hope", () => {
  const world = new World({ seed: 4, origin: { outages: [[0, 8 * second]] } });
  // It has half of the file, so the other half is for the origin to bring.
  const half = world.join(FAST);
  half.add(
    FILE,
    Array.from({ length: 76 }, (_, piece) => piece),
  );
  world.run(second);
  const first = visitor(world, FILE, FAST);
  world.settle(15 * second);
  assert.ok(first.consumer.failure !== undefined);
  assert.ok(first.consumer.received >= 76 * 65_536 || first.host.stored(FILE.content).count >= 76);
  world.run(70 * second);
  const again = first.host.want(FILE, { patience: PAGE });
  world.settle(120 * second);
  assert.ok(again.doneAt !== undefined);
});

test("a want made after an outage does not fail by what was known before", () => {
  const world = new World({ seed: 5, origin: { outages: [[0, 5 * second]] } });
  const { host, consumer } = visitor(world, FILE, FAST);
  world.settle(20 * second);
  assert.ok(consumer.failure !== undefined);
  world.run(90 * second);
  const again = host.want(FILE, { patience: PAGE });
  world.settle(150 * second);
  assert.equal(again.failure, undefined);
  assert.ok(again.doneAt !== undefined);
});

test("with the origin gone one full peer is enough", () => {
  const world = new World({ seed: 6, origin: { outages: [FOREVER] } });
  seeder(world, FILE, FAST);
  world.run(second);
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
  assert.equal(consumer.bytesFromPeers, 10_000_000);
});

test("with the origin gone and the file nowhere, every want fails with the origin's error, soon", () => {
  const world = new World({ seed: 7, origin: { outages: [FOREVER] } });
  for (let i = 0; i < 5; i++) visitor(world, FILE, FAST);
  world.settle(120 * second);
  assert.ok(world.queue.now < 30 * second, `${world.queue.now}`);
  for (const { failure } of world.consumers)
    assert.equal((failure as { code?: string }).code, "origin-failed");
});

test("an origin with other bytes than the manifest's is stale: nothing of it reaches the page", () => {
  const world = new World({ seed: 8, origin: { changed: true } });
  const { host, consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.equal((consumer.failure as { code?: string } | undefined)?.code, "stale-manifest");
  assert.equal(host.stored(FILE.content).count, 0);
  assert.ok(host.events.some(({ type }) => type === "stale-resource"));
});

test("a tracker that is down costs its grace and no more", () => {
  const graceMs = 400;
  const world = new World({ seed: 9, tracker: { up: false, connectMs: 5 * second, graceMs } });
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.tookMs <= aloneMs({ seed: 9 }) + graceMs + 50, `${consumer.tookMs}`);
});

test("a tracker that knows nobody sends us to the origin at once", () => {
  const world = new World({ seed: 10, tracker: { connectMs: 100, latencyMs: 25 } });
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.tookMs <= aloneMs({ seed: 10 }) + 150 + 20, `${consumer.tookMs}`);
});

test("when no peer can be reached, the origin brings all, no later than patience and its own time", () => {
  const world = new World({ seed: 11 });
  for (let i = 0; i < 8; i++) seeder(world, FILE, { ...FAST, unreachable: true });
  world.run(second);
  const { consumer } = visitor(world, FILE, FAST);
  world.settle(60 * second);
  assert.ok(consumer.tookMs <= PAGE.firstByteMs + aloneMs({ seed: 11 }) + 100, `${consumer.tookMs}`);
});

for (const patience of [PAGE, { firstByteMs: 0, minBytesPerSecond: 4_000_000 }]) {
  test(`slow peers beside a fast origin are never worse than the pace of ${patience.minBytesPerSecond} B/s`, () => {
    const world = new World({ seed: 12 });
    for (let i = 0; i < 4; i++)
      seeder(world, FILE, { line: { upBytesPerSecond: 64_000, downBytesPerSecond: 1e6, latencyMs: 30 } });
    world.run(second);
    const { consumer } = visitor(world, FILE, { ...FAST, patience });
    world.settle(60 * second);
    const paceMs = patience.firstByteMs + (10_000_000 * second) / patience.minBytesPerSecond;
    const least = Math.max(paceMs, aloneMs({ seed: 12 }, patience));
    assert.ok(consumer.tookMs <= least + 200, `${consumer.tookMs} of ${least}`);
    if (patience.firstByteMs > 0) assert.ok(consumer.worstLateMs <= 100, `${consumer.worstLateMs}`);
  });
}

test("small resources come straight from the origin, together", () => {
  const page = simContent(
    3,
    Array.from({ length: 12 }, () => 10_000),
  );
  const world = new World({ seed: 13 });
  seeder(world, page, FAST);
  world.run(second);
  const host = world.join(FAST);
  host.add(page);
  for (let resource = 0; resource < 12; resource++) host.want(page, { resource, patience: PAGE });
  world.settle(10 * second);
  assert.ok(world.queue.now < 1.5 * second, `${world.queue.now}`);
  assert.equal(host.usefulOriginBytes, 120_000);
});

test("two wants of one file, far apart, both begin at once", () => {
  const world = new World({ seed: 14, tracker: { up: false, connectMs: 0, graceMs: 0 } });
  const host = world.join(FAST);
  host.add(FILE);
  const one = host.want(FILE, { patience: PAGE });
  world.run(500);
  const other = host.want(FILE, { start: 8_000_000, patience: PAGE });
  world.settle(60 * second);
  assert.ok((other.firstByteAt ?? Number.NaN) - other.startedAt < 500);
  assert.ok(one.doneAt !== undefined && other.doneAt !== undefined);
  assert.ok(world.copies(FILE) < 1.1, `${world.copies(FILE)}`);
});
