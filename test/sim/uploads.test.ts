import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { second } from "#sdk/base/time.ts";
import { ENGINE_DEFAULTS, type EngineOptions } from "#sdk/engine/options.ts";
import { line, MBIT, seeder, visitor } from "./scenarios.ts";
import { simContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";
import { World } from "./world.ts";

const FILE = simContent(1, [20_000_000]);
/** They would rather wait for peers for ever than ask the origin. */
const PATIENT = { firstByteMs: 3600 * second, minBytesPerSecond: 1 };
const CHUNK = 65_536;
/** As before there was one: the uplink is left to its channels. */
const UNPACED = { uplinkStartBytesPerSecond: Number.POSITIVE_INFINITY };

/** One seeder, and so many who want all it has; none of them gives. */
function serving(up: number, options: { takers: number; engine?: Partial<EngineOptions>; seconds: number }) {
  const world = new World({ seed: 11 });
  const { engine = {} } = options;
  const host = seeder(world, FILE, { engine, line: line(up, 1000) });
  world.run(second);
  const takers = Array.from({ length: options.takers }, () =>
    visitor(world, FILE, { patience: PATIENT, line: line(100, 1000), engine: { uploadSlots: 0 } }),
  );
  const queueMs: number[] = [];
  const sent: number[] = [];
  const from = world.queue.now;
  for (let at = from; at < from + options.seconds * second; at += 50) {
    world.run(at);
    queueMs.push((host.links.queuedBytes * second) / (up * MBIT));
    sent.push(sentBy(host));
    if (world.wanting.length === 0) break;
  }
  return { world, takers, queueMs: queueMs.sort((a, b) => a - b), sent, tookMs: world.queue.now - from };
}

function sentBy(host: SimHost): number {
  let bytes = 0;
  for (const event of host.events) if (event.type === "uploaded") bytes += event.bytes;
  return bytes;
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;

test("a line of 1 Mbit/s to eight peers has a second of queue at most, and still does its work", (context) => {
  const paced = serving(1, { takers: 8, seconds: 60 });
  const free = serving(1, { takers: 8, seconds: 60, engine: UNPACED });
  for (const [name, { queueMs, sent }] of Object.entries({ paced, free }))
    context.diagnostic(
      `${name}: queue p50 ${at(queueMs, 0.5)} p95 ${at(queueMs, 0.95)} worst ${at(queueMs, 1)} ms, ${sent.at(-1)} bytes`,
    );
  // A chunk alone takes half a second.
  assert.ok(at(paced.queueMs, 0.95) < 1200, `${at(paced.queueMs, 0.95)}`);
  assert.ok(at(paced.queueMs, 1) < 3000 && at(free.queueMs, 0.95) > 2 * at(paced.queueMs, 0.95));
  assert.ok((paced.sent.at(-1) ?? 0) > 0.75 * 60 * MBIT);
});

function compared(context: TestContext, up: number): number {
  const [paced, free] = [{}, UNPACED].map(
    (engine) => serving(up, { takers: 1, seconds: 60, engine }).tookMs,
  ) as [number, number];
  context.diagnostic(`${up} Mbit/s: ${paced} ms, without the bucket ${free} ms`);
  return free / paced;
}

test("one pair on a line of 320 Mbit/s is as fast as without the bucket, within 5 %", (context) => {
  assert.ok(compared(context, 320) >= 0.95);
});

test("uploads never exceed their cap by more than a burst, over any stretch of time", () => {
  const rate = 500_000;
  const { sent } = serving(100, {
    takers: 4,
    seconds: 20,
    engine: { uploadBytesPerSecond: rate, uploadBurstBytes: 2 * CHUNK },
  });
  for (let from = 0; from < sent.length; from++)
    for (let to = from + 1; to < sent.length; to++) {
      const bytes = (sent[to] as number) - (sent[from] as number);
      // Samples are 50 ms apart, and a read takes one.
      assert.ok(bytes <= (rate * (50 * (to - from) + 2)) / second + 2 * CHUNK, `${bytes} in ${to - from}`);
    }
  assert.ok((sent.at(-1) ?? 0) > 0.95 * rate * 20);
});

test("who may not upload gives not a byte, and its neighbours wait for nobody", () => {
  const world = new World({ seed: 12 });
  const metered = seeder(world, FILE);
  metered.input({ type: "upload-allowed", allowed: false });
  const { consumer } = visitor(world, FILE, { line: line(10, 50) });
  world.settle(60 * second);
  assert.ok(consumer.doneAt !== undefined);
  assert.equal(sentBy(metered), 0);
});

/** A crowd in which every third host never gives, or does like the others; p90 of the others, ms. */
function crowdWith(uploadSlots: number, seed: number): number {
  const film = simContent(2, [12_000_000]);
  const world = new World({ seed });
  const engine = { newcomerBytes: 256 * 1024, newcomerMs: second, chokeEveryMs: second };
  seeder(world, film, { engine, line: line(16, 50) });
  world.run(second);
  const contributors = Array.from({ length: 20 }, (_, n) => {
    const rider = (n % 10) % 4 === 0;
    const slots = rider ? { uploadSlots } : {};
    const made = visitor(world, film, {
      patience: PATIENT,
      line: line(8, 50),
      engine: { ...engine, ...slots },
    });
    return rider ? [] : [made];
  }).flat();
  while (contributors.some(({ consumer }) => !consumer.over)) world.run(world.queue.now + second / 10);
  return at(
    contributors.map(({ consumer }) => consumer.tookMs).sort((a, b) => a - b),
    0.9,
  );
}

test("three in ten that never upload do not slow the others by more than a fifth", (context) => {
  const [riders, honest] = [0, ENGINE_DEFAULTS.uploadSlots].map((slots) => crowdWith(slots, 2)) as [
    number,
    number,
  ];
  context.diagnostic(`p90 of the contributors ${riders} ms, ${honest} ms if all gave`);
  assert.ok(riders <= 1.2 * honest, `${riders} ms, ${honest} ms if all gave`);
});
