import type { ContentId, PeerId } from "../../base/ids.ts";
import { type Random, shuffle } from "../../base/random.ts";
import type { Candidate } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import { BanList } from "./ban-list.ts";
import type { Offerer } from "./offerer.ts";
import { type Known, PassiveView } from "./passive-view.ts";

/** A peer on its way to a connection. */
interface Dial {
  readonly since: number;
  readonly content: ContentId;
  /** We made the offer; otherwise we took theirs. */
  readonly ours: boolean;
  /** The neighbour that introduces; undefined: the tracker, or nobody yet. */
  via: PeerId | undefined;
}

/** Of the connections allowed, the share that is kept for newcomers: two of twelve. */
const GUEST_SHARE = 1 / 6;
/** With fewer connections than this a peer is a newcomer. */
const NEWCOMER_DEGREE = 2;

/** Who may be connected, the active view of HyParView and, for each content, the passive one: candidates, dials in progress, the cap, back-offs and bans. Never sends. */
export class Membership {
  /** Candidates of a content for each connection allowed (HyParView: 6). */
  static readonly passivePerActive = 6;
  readonly bans = new BanList();
  readonly #self: PeerId;
  readonly #options: EngineOptions;
  readonly #random: Random;
  readonly #candidates = new Map<ContentId, PassiveView>();
  readonly #dials = new Map<PeerId, Dial>();
  /** Each with the neighbour that introduced it. */
  readonly #connected = new Map<PeerId, PeerId | undefined>();
  readonly #backOffs = new BanList();
  /** The tracker introduces. Until it is heard of, it is believed to. */
  #trackerUp = true;
  /** Nobody can be dialled before this, as things stand. */
  readonly #nobodyUntil = new Map<ContentId, number>();

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
    return this.connectionCount + this.#dials.size;
  }

  /** The peers that may hold this content and that a connection is on its way to, whatever it was dialled for. */
  dialling(content: ContentId): PeerId[] {
    const candidates = this.#candidates.get(content);
    return [...this.#dials].flatMap(([peer, dial]) =>
      dial.content === content || candidates?.get(peer) ? [peer] : [],
    );
  }

  tracker(up: boolean): void {
    this.#trackerUp = up;
    this.#nobodyUntil.clear();
  }

  /** Told by the tracker, or by a neighbour that is connected to them. */
  learn(content: ContentId, candidates: readonly Candidate[], via?: PeerId): void {
    const limit = Membership.passivePerActive * this.#options.maxConnections;
    const known = this.#candidates.get(content) ?? new PassiveView({ limit, random: this.#random });
    this.#candidates.set(content, known);
    for (const candidate of candidates) if (candidate.peer !== this.#self) known.learn(candidate, via);
    this.#nobodyUntil.delete(content);
  }

  /** A neighbour is connected to them no more. */
  dropped(content: ContentId, peers: readonly PeerId[], via: PeerId): void {
    for (const peer of peers) this.#candidates.get(content)?.dropped(peer, via);
  }

  forget(content: ContentId): void {
    this.#candidates.delete(content);
  }

  /** Candidates to dial now, complete ones first; each counts as dialling from now on. */
  dial(content: ContentId, now: number): PeerId[] {
    const { targetConnections, maxDials } = this.#options;
    const room = Math.min(targetConnections - this.engaged, maxDials - this.#dials.size);
    if (room <= 0 || now < (this.#nobodyUntil.get(content) ?? 0)) return [];
    const able = [...(this.#candidates.get(content)?.values() ?? [])].filter((known) =>
      this.#reachable(known, now),
    );
    if (able.length === 0) this.#nobodyUntil.set(content, this.#nextBackOffEnd(content, now));
    const byWorth = shuffle(able, this.#random).sort((a, b) => Number(b.complete) - Number(a.complete));
    const chosen = byWorth.slice(0, room);
    return chosen.map(({ peer }) => {
      this.#dials.set(peer, { since: now, content, ours: true, via: undefined });
      return peer;
    });
  }

  /** Which neighbour introduces us to this peer: undefined when the tracker does, `nobody` when nobody can. */
  introducer(content: ContentId, peer: PeerId): PeerId | "nobody" | undefined {
    const known = this.#candidates.get(content)?.get(peer);
    const via = [...(known?.vias ?? [])].find((neighbour) => this.#connected.has(neighbour));
    if (this.#trackerUp && (known?.tracked !== false || !via)) return undefined;
    return via ?? "nobody";
  }

  /** Our dial goes this way. */
  dialsVia(peer: PeerId, via: PeerId | undefined): void {
    const dial = this.#dials.get(peer);
    if (dial?.ours) dial.via = via;
  }

  /** The neighbour by which this connection came about. */
  via(peer: PeerId): PeerId | undefined {
    return this.#connected.get(peer);
  }

  /** A peer offers a connection. `yes` to take it; `full` if only a connection that is given up makes room for it. */
  offered({ peer, content, via, degree }: Offerer, now: number): "yes" | "no" | "full" {
    if (this.#banned(peer, via, now) || this.#connected.has(peer)) return "no";
    const dial = this.#dials.get(peer);
    // Both dial each other: both must drop the same one of the two, so the lower id's offer stands.
    if (dial?.ours && this.#self < peer) return "no";
    const { maxConnections } = this.#options;
    const newcomer = degree !== undefined && degree < NEWCOMER_DEGREE;
    const places = maxConnections - (newcomer ? 0 : Math.floor(maxConnections * GUEST_SHARE));
    if (!dial && this.engaged >= places) return newcomer ? "full" : "no";
    this.#dials.set(peer, { since: now, content, ours: false, via });
    return "yes";
  }

  ban(peer: PeerId, until: number): void {
    // Who introduced it may have lied about who it is: the ban holds for what comes by the same neighbour, so that
    // nobody can be banned by somebody who pretends to be him.
    const via = this.#connected.get(peer);
    this.bans.add(via ? `${via}>${peer}` : peer, until);
  }

  connected(peer: PeerId): void {
    this.#connected.set(peer, this.#dials.get(peer)?.via);
    this.#dials.delete(peer);
    this.#nobodyUntil.clear();
  }

  /** The connection ended, or never came about. True when it had been open. */
  disconnected(peer: PeerId, now: number): boolean {
    this.#dials.delete(peer);
    this.#backOffs.add(peer, now + this.#options.redialAfterMs);
    for (const candidates of this.#candidates.values()) candidates.delete(peer);
    this.#nobodyUntil.clear();
    return this.#connected.delete(peer);
  }

  /** Dials that took too long; each has failed from now on. */
  overdue(now: number): PeerId[] {
    const { dialTimeoutMs } = this.#options;
    const late = [...this.#dials]
      .filter(([, { since }]) => now >= since + dialTimeoutMs)
      .map(([peer]) => peer);
    for (const peer of late) this.disconnected(peer, now);
    return late;
  }

  /** When the next dial is overdue. */
  get wakeAt(): number {
    const starts = Array.from(this.#dials.values(), ({ since }) => since);
    return Math.min(...starts) + this.#options.dialTimeoutMs;
  }

  #nextBackOffEnd(content: ContentId, now: number): number {
    let at = Number.POSITIVE_INFINITY;
    for (const { peer } of this.#candidates.get(content)?.values() ?? []) {
      const until = this.#backOffs.until(peer);
      if (until > now) at = Math.min(at, until);
    }
    return at;
  }

  #reachable({ peer, tracked, vias }: Known, now: number): boolean {
    if (this.#connected.has(peer) || this.#dials.has(peer)) return false;
    const via = [...vias].find((neighbour) => this.#connected.has(neighbour));
    if (!via && !(tracked && this.#trackerUp)) return false;
    return !this.#banned(peer, via, now) && !this.#backOffs.has(peer, now);
  }

  #banned(peer: PeerId, via: PeerId | undefined, now: number): boolean {
    return this.bans.has(peer, now) || (via !== undefined && this.bans.has(`${via}>${peer}`, now));
  }
}
