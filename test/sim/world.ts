import { MIB, toHex } from "#sdk/base/bytes.ts";
import { type PeerId, parsePeerId } from "#sdk/base/ids.ts";
import { type Random, seededRandom } from "#sdk/base/random.ts";
import { second } from "#sdk/base/time.ts";
import type { EngineEvent } from "#sdk/engine/events.ts";
import type { Consumer } from "./consumer.ts";
import { EventQueue } from "./event-queue.ts";
import { HOST_DEFAULTS, type HostOptions } from "./host-options.ts";
import type { SimContent } from "./sim-content.ts";
import type { DiskOptions } from "./sim-disk.ts";
import { SimHost } from "./sim-host.ts";
import { ORIGIN_DEFAULTS, type OriginOptions, SimOrigin } from "./sim-origin.ts";
import { SimTracker, TRACKER_DEFAULTS, type TrackerOptions } from "./sim-tracker.ts";
import { Stopwatch } from "./stopwatch.ts";
import { Trace } from "./trace.ts";

/** How often the world is asked whether it is done. */
const SETTLE_STEP_MS = 20;

export interface WorldOptions {
  /** How long ICE takes at the median, ms. */
  readonly iceMs: number;
  /** The share of dials that come to nothing. */
  readonly dialFailures: number;
  /** The share of all open connections that breaks in each second. */
  readonly linkLossPerSecond: number;
  /** Small frames slip in between the packets of chunks, rather than wait behind chunks of megabytes. */
  readonly controlLane: boolean;
  /** A channel that has more than this to send says it is congested, until a quarter of it is left. */
  readonly highWatermarkBytes: number;
  /** How fast hosts check and read pieces. */
  readonly disk: DiskOptions;
  /** Every step of every engine is checked, traced, and its events are kept: for worlds of dozens. */
  readonly watched: boolean;
}

export const WORLD_DEFAULTS: WorldOptions = {
  iceMs: 200,
  dialFailures: 0,
  linkLossPerSecond: 0,
  controlLane: false,
  // As in the browser's adapter.
  highWatermarkBytes: 1 * MIB,
  // WebCrypto in a browser, and its storage.
  disk: { hashBytesPerSecond: 500_000_000, readMs: 1 },
  watched: true,
};

/** A whole network in one thread: virtual time, engines, an origin, a tracker. One seed tells one story. */
export class World {
  readonly queue = new EventQueue();
  readonly random: Random;
  readonly trace = new Trace();
  readonly stopwatch = new Stopwatch();
  readonly origin: SimOrigin;
  readonly tracker: SimTracker;
  readonly options: WorldOptions;
  readonly hosts: SimHost[] = [];
  readonly #seed: number;
  readonly #byPeer = new Map<PeerId, SimHost>();
  /** Verified bytes that all hosts together got from others. */
  usefulBytes = 0;
  /** Whoever may still wait, so that nobody is asked who is done. */
  readonly #waiting: { readonly host: SimHost; readonly consumer: Consumer }[] = [];
  #nextDial = 1;
  #nextWant = 1;

  constructor(parts: {
    readonly seed: number;
    readonly origin?: Partial<OriginOptions>;
    readonly tracker?: Partial<TrackerOptions>;
    readonly options?: Partial<WorldOptions>;
  }) {
    this.#seed = parts.seed;
    this.random = seededRandom(parts.seed);
    this.options = { ...WORLD_DEFAULTS, ...parts.options };
    this.origin = new SimOrigin(this.queue, { ...ORIGIN_DEFAULTS, ...parts.origin });
    const options = { ...TRACKER_DEFAULTS, ...parts.tracker };
    this.tracker = new SimTracker({ queue: this.queue, random: this.random, options });
    if (this.options.linkLossPerSecond > 0) this.#loseLinks();
  }

  /** A visitor opens the page. */
  join(options: Partial<HostOptions> = {}): SimHost {
    const index = this.hosts.length;
    const peer = this.freshPeer();
    const host = new SimHost({
      world: this,
      index,
      peer,
      seed: this.#seed * 10_007 + index,
      options: { ...HOST_DEFAULTS, ...options },
    });
    this.hosts.push(host);
    this.#byPeer.set(peer, host);
    this.tracker.join(host);
    return host;
  }

  /** A visitor closes the page without a word. */
  leave(host: SimHost): void {
    this.tracker.leave(host.peer);
    const peers = host.links.open;
    host.gone = true;
    for (const other of peers) other.links.cut(host.peer);
  }

  /** Cuts this share of all open connections. */
  cutLinks(share: number): void {
    for (const host of this.hosts) {
      for (const other of host.links.open) {
        // Each connection has two ends; either may be the one that breaks it.
        if (this.random.next() < share / 2) host.links.cut(other.peer);
      }
    }
  }

  #loseLinks(): void {
    this.queue.after(1 * second, () => {
      this.cutLinks(this.options.linkLossPerSecond);
      this.#loseLinks();
    });
  }

  host(peer: PeerId): SimHost {
    const host = this.#byPeer.get(peer);
    if (!host) throw new Error(`There is no host ${peer}.`);
    return host;
  }

  /** Runs until everybody who wants something has it, has failed, or has left; at most until `until`, ms. */
  settle(until: number): void {
    while (this.queue.now < until && this.anyWaiting())
      this.queue.run(Math.min(until, this.queue.now + SETTLE_STEP_MS));
  }

  awaits(host: SimHost, consumer: Consumer): void {
    this.#waiting.push({ host, consumer });
  }

  /** True while somebody who is here wants something; cheap, however many there are. */
  anyWaiting(): boolean {
    for (let last = this.#waiting.at(-1); last; last = this.#waiting.at(-1)) {
      if (!last.host.gone && !last.consumer.over) return true;
      this.#waiting.pop();
    }
    return false;
  }

  run(until: number): void {
    this.queue.run(until);
  }

  get wanting(): Consumer[] {
    return this.hosts.flatMap((host) => (host.gone ? [] : host.consumers.filter(({ over }) => !over)));
  }

  get consumers(): Consumer[] {
    return this.hosts.flatMap((host) => host.consumers);
  }

  get events(): EngineEvent[] {
    return this.hosts.flatMap((host) => host.events);
  }

  /** How often the content left the origin. */
  copies(content: SimContent): number {
    return this.origin.bytes / sizeOf(content);
  }

  freshDial(): number {
    return this.#nextDial++;
  }

  freshWant(): number {
    return this.#nextWant++;
  }

  freshPeer(): PeerId {
    return parsePeerId(toHex(Uint8Array.from({ length: 16 }, () => this.random.below(256))));
  }
}

export function sizeOf({ geometry }: SimContent): number {
  let sum = 0;
  for (let index = geometry.indices.first; index < geometry.indices.end; index++)
    sum += geometry.resource(index).sizeBytes;
  return sum;
}
