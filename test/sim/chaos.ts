import { KIB, MIB } from "#sdk/base/bytes.ts";
import { second } from "#sdk/base/time.ts";
import { homeLine } from "./scenarios.ts";
import { type SimContent, simContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";
import { World } from "./world.ts";

/**
 * A small world in which everything goes wrong that can: lost links, failed dials, liars, the mute, leavers, outages,
 * evictions, impatient and cancelling pages. Whoever stays must get what it wants, or hear why not. `besides` happens to
 * each host ten times a second.
 */
export function chaos(
  seed: number,
  besides?: (host: SimHost, contents: readonly SimContent[]) => void,
): World {
  const dice = new World({ seed }).random;
  const outage = dice.next() < 0.3 ? [[2 * second, (3 + 6 * dice.next()) * second] as const] : [];
  const world = new World({
    seed,
    origin: { ranges: dice.next() < 0.8, outages: outage, upBytesPerSecond: 1e6 + 2e7 * dice.next() },
    tracker: { up: dice.next() < 0.9, connectMs: 1500 * dice.next() },
    options: { dialFailures: 0.3 * dice.next(), iceMs: 100 + 800 * dice.next() },
  });
  const { queue, random } = world;
  const contents = [
    simContent(1, [2_000_000, 300_000, 0, 9_000]),
    simContent(2, [3_000_001], 256 * KIB),
    simContent(3, [70_000]),
  ];
  const engine = {
    windowBytes: random.next() < 0.5 ? 1 * MIB : 32 * MIB,
    uploadSlots: 1 + random.below(8),
    maxQueuedUploads: random.next() < 0.3 ? 2 : 256,
    maxConnections: 3 + random.below(8),
    maxUnverifiedBytes: random.next() < 0.3 ? 1 * MIB : 48 * MIB,
  };
  for (let i = 0; i < 10; i++) {
    queue.after(random.next() * 6 * second, () => {
      const lies = random.next() < 0.15 ? random.next() : 0;
      const host = world.join({ line: homeLine(world), engine, lies, unreachable: random.next() < 0.1 });
      for (const content of contents) {
        const { pieceCount } = content.geometry;
        const share = random.next() < 0.3 ? random.next() : 0;
        host.add(
          content,
          Array.from({ length: pieceCount }, (_, n) => n).filter(() => random.next() < share),
        );
        for (let resource = 0; resource < content.geometry.indices.end; resource++) {
          const size = content.geometry.resource(resource).sizeBytes;
          if (size === 0 || random.next() < 0.3) continue;
          const start = random.next() < 0.7 ? 0 : random.below(size);
          const patience = {
            firstByteMs: random.below(4) * second,
            minBytesPerSecond: 2e4 + 1e6 * random.next(),
          };
          const wanted = () => {
            if (host.gone) return;
            const consumer = host.want(content, { resource, start, patience });
            if (random.next() < 0.15)
              queue.after(
                4 * second * random.next(),
                () => !consumer.over && !host.gone && host.cancel(consumer),
              );
          };
          queue.after(random.next() * 2 * second, wanted);
        }
      }
      const fate = random.next();
      if (fate < 0.1) queue.after(random.next() * 10 * second, () => world.leave(host));
      else if (fate < 0.2)
        queue.after(random.next() * 10 * second, () => {
          host.silent = true;
        });
    });
  }
  for (let at = 1; at < 30; at += 2) queue.at(at * second, () => world.cutLinks(0.1));
  if (besides)
    for (let at = 0; at < 9 * second; at += second / 10)
      queue.at(at, () => {
        for (const host of world.hosts) besides(host, contents);
      });
  world.run(9 * second);
  world.settle(200 * second);
  return world;
}
