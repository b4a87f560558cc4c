import type { ContentId, PeerId } from "../../base/ids.ts";
import { type Random, shuffle } from "../../base/random.ts";
import type { Candidate } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import { BanList } from "./ban-list.ts";

/** A peer on its way to a connection. */
interface Dial {
  readonly since: number;
  readonly content: ContentId;
  /** We made the offer; otherwise we took theirs. */
  readonly ours: boolean;
}

/** Who may be connected: candidates, dials in progress, the cap, back-offs and bans. Never sends. */
export class Membership {
  /** Candidates that are remembered for each content. */
  static readonly candidateLimit = 200;
  /** Peers whose failure is remembered: a forgotten one costs one more dial, an unbounded list memory. */
  static readonly backOffLimit = 1024;
  readonly bans = new BanList();
  readonly #self: PeerId;
  readonly #options: EngineOptions;
  readonly #random: Random;
  readonly #candidates = new Map<ContentId, Map<PeerId, Candidate>>();
  readonly #dials = new Map<PeerId, Dial>();
  readonly #connected = new Set<PeerId>();
  readonly #notBefore = new Map<PeerId, number>();

  constructor(parts: { readonly self: PeerId; readonly options: EngineOptions; readonly random: Random }) {
    this.#self = parts.self;
    this.#options = parts.options;
    this.#random = parts.random;
  }

  get connectionCount(): number {
    return this.#connected.size;
  }

  /** Connections and dials, together. */
  get engaged(): number {
    return this.#connected.size + this.#dials.size;
  }

  /** True while a connection to a peer that may hold this content is on its way, whatever it was dialled for. */
  dialling(content: ContentId): boolean {
    const candidates = this.#candidates.get(content);
    for (const [peer, dial] of this.#dials)
      if (dial.content === content || candidates?.has(peer)) return true;
    return false;
  }

  learn(content: ContentId, candidates: readonly Candidate[]): void {
    const known = this.#candidates.get(content) ?? new Map<PeerId, Candidate>();
    for (const candidate of candidates) {
      if (candidate.peer === this.#self) continue;
      known.delete(candidate.peer);
      known.set(candidate.peer, candidate);
    }
    for (const peer of [...known.keys()].slice(0, Math.max(0, known.size - Membership.candidateLimit)))
      known.delete(peer);
    this.#candidates.set(content, known);
  }

  forget(content: ContentId): void {
    this.#candidates.delete(content);
  }

  /** Candidates to dial now, complete ones first; each counts as dialling from now on. */
  dial(content: ContentId, now: number): PeerId[] {
    const room = Math.min(
      this.#options.targetConnections - this.engaged,
      this.#options.maxDials - this.#dials.size,
    );
    if (room <= 0) return [];
    const able = [...(this.#candidates.get(content)?.values() ?? [])].filter(({ peer }) =>
      this.#reachable(peer, now),
    );
    const chosen = shuffle(able, this.#random)
      .sort((a, b) => Number(b.complete) - Number(a.complete))
      .slice(0, room);
    for (const { peer } of chosen) this.#dials.set(peer, { since: now, content, ours: true });
    return chosen.map(({ peer }) => peer);
  }

  /** A peer offers a connection. True to take it. */
  offered(peer: PeerId, content: ContentId, now: number): boolean {
    if (this.bans.has(peer, now) || this.#connected.has(peer)) return false;
    const dial = this.#dials.get(peer);
    // Both dial each other: both must drop the same one of the two, so the lower id's offer stands.
    if (dial?.ours && this.#self < peer) return false;
    if (!dial && this.engaged >= this.#options.maxConnections) return false;
    this.#dials.set(peer, { since: now, content, ours: false });
    return true;
  }

  connected(peer: PeerId): void {
    this.#dials.delete(peer);
    this.#connected.add(peer);
  }

  /** The connection ended, or never came about. True when it had been open. */
  disconnected(peer: PeerId, now: number): boolean {
    this.#dials.delete(peer);
    this.#backOff(peer, now + this.#options.redialAfterMs);
    for (const candidates of this.#candidates.values()) candidates.delete(peer);
    return this.#connected.delete(peer);
  }

  /** Dials that took too long; each has failed from now on. */
  overdue(now: number): PeerId[] {
    const late = [...this.#dials]
      .filter(([, dial]) => now >= dial.since + this.#options.dialTimeoutMs)
      .map(([peer]) => peer);
    for (const peer of late) this.disconnected(peer, now);
    return late;
  }

  /** When the next dial is overdue. */
  get wakeAt(): number {
    let at = Number.POSITIVE_INFINITY;
    for (const dial of this.#dials.values()) at = Math.min(at, dial.since + this.#options.dialTimeoutMs);
    return at;
  }

  #backOff(peer: PeerId, until: number): void {
    this.#notBefore.delete(peer);
    this.#notBefore.set(peer, until);
    const [oldest] = this.#notBefore.keys();
    if (this.#notBefore.size > Membership.backOffLimit && oldest !== undefined)
      this.#notBefore.delete(oldest);
  }

  #reachable(peer: PeerId, now: number): boolean {
    if (this.#connected.has(peer) || this.#dials.has(peer) || this.bans.has(peer, now)) return false;
    const notBefore = this.#notBefore.get(peer);
    if (notBefore === undefined) return true;
    if (notBefore > now) return false;
    this.#notBefore.delete(peer);
    return true;
  }
}
