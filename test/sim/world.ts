import { toHex } from "#sdk/base/bytes.ts";
import { type PeerId, parsePeerId } from "#sdk/base/ids.ts";
import { type Random, seededRandom } from "#sdk/base/random.ts";
import type { EngineEvent } from "#sdk/engine/events.ts";
import type { Consumer } from "./consumer.ts";
import { EventQueue } from "./event-queue.ts";
import type { SimContent } from "./sim-content.ts";
import { type HostOptions, SimHost } from "./sim-host.ts";
import { ORIGIN_DEFAULTS, type OriginOptions, SimOrigin } from "./sim-origin.ts";
import { SimTracker, TRACKER_DEFAULTS, type TrackerOptions } from "./sim-tracker.ts";
import { Trace } from "./trace.ts";

/** How often the world is asked whether it is done. */
const SETTLE_STEP_MS = 20;

export interface WorldOptions {
  /** How long ICE takes at the median, ms. */
  readonly iceMs: number;
  /** The share of dials that come to nothing. */
  readonly dialFailures: number;
}

/** A whole network in one thread: virtual time, engines, an origin, a tracker. One seed tells one story. */
export class World {
  readonly queue = new EventQueue();
  readonly random: Random;
  readonly trace = new Trace();
  readonly origin: SimOrigin;
  readonly tracker: SimTracker;
  readonly options: WorldOptions;
  readonly hosts: SimHost[] = [];
  readonly #seed: number;
  readonly #byPeer = new Map<PeerId, SimHost>();
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
    this.options = { iceMs: 200, dialFailures: 0, ...parts.options };
    this.origin = new SimOrigin(this.queue, { ...ORIGIN_DEFAULTS, ...parts.origin });
    const options = { ...TRACKER_DEFAULTS, ...parts.tracker };
    this.tracker = new SimTracker({ queue: this.queue, random: this.random, options });
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
      options: {
        line: { upBytesPerSecond: 2_000_000, downBytesPerSecond: 5_000_000, latencyMs: 15 },
        engine: {},
        lies: 0,
        unreachable: false,
        ...options,
      },
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

  host(peer: PeerId): SimHost {
    const host = this.#byPeer.get(peer);
    if (!host) throw new Error(`There is no host ${peer}.`);
    return host;
  }

  /** Runs until everybody who wants something has it, has failed, or has left; at most until `until`, ms. */
  settle(until: number): void {
    while (this.queue.now < until && this.wanting.length > 0)
      this.queue.run(Math.min(until, this.queue.now + SETTLE_STEP_MS));
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
  return geometry.manifest.resources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
