import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import type { Random } from "#sdk/base/random.ts";
import { second } from "#sdk/base/time.ts";
import type { Announcement, Effect } from "#sdk/engine/io.ts";
import { Directory } from "#signaling/directory/directory.ts";
import { randomPeers } from "#signaling/directory/peer-choice.ts";
import type { EventQueue } from "./event-queue.ts";
import type { SimHost } from "./sim-host.ts";

export interface TrackerOptions {
  readonly latencyMs: number;
  /** How long a link takes to come up after the host asked for it. */
  readonly connectMs: number;
  readonly graceMs: number;
  readonly intervalMs: number;
  /** False: nobody ever reaches it. */
  readonly up: boolean;
}

export const TRACKER_DEFAULTS: TrackerOptions = {
  latencyMs: 30,
  connectMs: 120,
  graceMs: 1 * second,
  intervalMs: 120 * second,
  up: true,
};

type Introducing = Extract<Effect, { type: "introduce" }>;

interface Member {
  readonly host: SimHost;
  readonly announced: Map<ContentId, Announcement>;
  up: boolean;
}

/** The signaling server's own decisions behind a simulated link, which repeats announces when it comes up. */
export class SimTracker {
  readonly options: TrackerOptions;
  readonly #queue: EventQueue;
  readonly #directory: Directory;
  readonly #members = new Map<PeerId, Member>();
  announces = 0;
  /** Pairs, the dialler first, whose introductions need no tracker. */
  readonly outOfBand = new Set<string>();
  #gone = false;

  constructor(parts: { queue: EventQueue; random: Random; options: TrackerOptions }) {
    this.#queue = parts.queue;
    this.options = parts.options;
    const limits = {
      maxRooms: 1000,
      maxRoomsPerAddress: 1000,
      maxMembersPerRoom: 10_000,
      maxRoomsPerPeer: 100,
      maxPeersPerReply: 50,
    };
    this.#directory = new Directory(limits, randomPeers(parts.random));
  }

  join(host: SimHost): void {
    const member: Member = { host, announced: new Map(), up: false };
    this.#members.set(host.peer, member);
    host.input({ type: "tracker", tracker: { state: "connecting", graceMs: this.options.graceMs } });
    this.#queue.after(this.options.connectMs, () => {
      if (this.#members.get(host.peer) !== member) return;
      if (!this.options.up || this.#gone) return host.input({ type: "tracker", tracker: { state: "down" } });
      member.up = true;
      host.input({ type: "tracker", tracker: { state: "up" } });
      for (const [content, options] of member.announced) this.announce(host.peer, content, options);
    });
  }

  leave(peer: PeerId): void {
    this.#members.delete(peer);
    this.#directory.forget(peer);
  }

  announce(peer: PeerId, content: ContentId, options: Announcement): void {
    const member = this.#members.get(peer);
    member?.announced.set(content, options);
    if (!member?.up) return;
    this.announces++;
    this.#queue.after(2 * this.options.latencyMs, () => {
      if (this.#members.get(peer) !== member || this.#gone) return;
      const who = { peer, address: "", group: "", isSuperPeer: false };
      const result = this.#directory.announce(who, { content, ...options }, this.#queue.now);
      const candidates = result.outcome === "listed" ? result.peers : [];
      member.host.input({ type: "candidates", content, candidates, intervalMs: this.options.intervalMs });
    });
  }

  withdraw(peer: PeerId, content: ContentId): void {
    this.#members.get(peer)?.announced.delete(content);
    this.#directory.leave(peer, content);
  }

  /** The server is gone for good: whoever had a link to it hears so, whoever tries later reaches nobody. */
  vanish(): void {
    this.#gone = true;
    for (const member of this.#members.values()) {
      if (!member.up) continue;
      member.up = false;
      member.host.input({ type: "tracker", tracker: { state: "down" } });
    }
  }

  /** Carries one step of an introduction, or says that there is no way to the peer. */
  carry(from: SimHost, { to, ...step }: Omit<Introducing, "type">): void {
    const pairs = [from.peer + to, to + from.peer];
    const outOfBand = pairs.some((pair) => this.outOfBand.has(pair));
    if (!this.#members.get(from.peer)?.up && !outOfBand) return;
    this.#queue.after(2 * this.options.latencyMs, () => {
      const introduced = { ...step, type: "introduced", from: from.peer } as const;
      if (outOfBand || this.#reaches(from.peer, to)) return this.#members.get(to)?.host.input(introduced);
      from.links.unknown(to, step.dial);
    });
  }

  #reaches(from: PeerId, to: PeerId): boolean {
    return (this.#members.get(from)?.up && this.#members.get(to)?.up) ?? false;
  }
}
