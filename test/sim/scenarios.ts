import { second } from "#sdk/base/time.ts";
import type { Patience } from "#sdk/engine/io.ts";
import type { Consumer } from "./consumer.ts";
import type { HostOptions } from "./host-options.ts";
import type { LineOptions } from "./line.ts";
import type { SimContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";
import { sizeOf, type World } from "./world.ts";

export const MBIT = 125_000;

/** The client's defaults for a page, and a patient download. */
export const PAGE: Patience = { firstByteMs: 2.5 * second, minBytesPerSecond: 1_000_000 };
export const DOWNLOAD: Patience = { firstByteMs: 2.5 * second, minBytesPerSecond: 250_000 };

export interface Visitor {
  readonly host: SimHost;
  readonly consumer: Consumer;
}

/** Somebody who opens the page and wants the first resource. */
export function visitor(
  world: World,
  content: SimContent,
  options: { patience?: Patience; readsUpTo?: number } & Partial<HostOptions> = {},
): Visitor {
  const { patience = PAGE, readsUpTo, ...host } = options;
  const joined = world.join(host);
  joined.add(content);
  return {
    host: joined,
    consumer: joined.want(content, { patience, ...(readsUpTo === undefined ? {} : { readsUpTo }) }),
  };
}

/** Somebody who has everything already, since before time began. */
export function seeder(world: World, content: SimContent, options: Partial<HostOptions> = {}): SimHost {
  const host = world.join(options);
  host.add(
    content,
    Array.from({ length: content.geometry.pieceCount }, (_, piece) => piece),
  );
  return host;
}

export function line(upMbit: number, downMbit: number, latencyMs = 15): LineOptions {
  return { upBytesPerSecond: upMbit * MBIT, downBytesPerSecond: downMbit * MBIT, latencyMs };
}

/** Homes of all kinds: 1–20 Mbit/s up, 5–50 down, 10–100 ms from the middle of the net. */
export function homeLine(world: World): LineOptions {
  const { random } = world;
  return line(1 + 19 * random.next(), 5 + 45 * random.next(), 10 + 90 * random.next());
}

/** So many visitors with all kinds of lines, who come within `withinMs`. */
export function crowd(
  world: World,
  content: SimContent,
  options: { readonly count: number; readonly withinMs: number; readonly patience?: Patience },
): void {
  for (let i = 0; i < options.count; i++) {
    world.queue.after(world.random.next() * options.withinMs, () => {
      visitor(world, content, { patience: options.patience ?? DOWNLOAD, line: homeLine(world) });
    });
  }
  world.run(world.queue.now + options.withinMs);
}

/** What a run cost. All in bytes of the content's size, save the requests. */
export interface Figures {
  readonly copies: number;
  readonly originRequests: number;
  /** Of the bytes that peers sent, the share that nobody needed. */
  readonly peerWaste: number;
  readonly originWaste: number;
  /** Of all useful bytes, the share that peers brought. */
  readonly offload: number;
}

export function figures(world: World, content: SimContent): Figures {
  const sum = (of: (host: SimHost) => number) => world.hosts.reduce((total, host) => total + of(host), 0);
  const [peers, origin] = [sum((host) => host.usefulPeerBytes), sum((host) => host.usefulOriginBytes)];
  return {
    copies: world.origin.bytes / sizeOf(content),
    originRequests: world.origin.requests,
    peerWaste:
      1 -
      peers /
        Math.max(
          1,
          sum((host) => host.peerBytes),
        ),
    originWaste: 1 - origin / Math.max(1, world.origin.bytes),
    offload: peers / Math.max(1, peers + origin),
  };
}

export function told(figures: Figures): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `${figures.copies.toFixed(2)} copies in ${figures.originRequests} requests, offload ${percent(figures.offload)}, wasted of peers ${percent(figures.peerWaste)}, of the origin ${percent(figures.originWaste)}`;
}
