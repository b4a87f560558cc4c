import type { ContentId, PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { Availability } from "./availability.ts";
import { Duty } from "./duty.ts";
import type { Pieces } from "./pieces.ts";
import type { Supplier } from "./supplier.ts";

/** What a decision about one content is made from. */
export interface Surroundings {
  readonly now: number;
  readonly self: PeerId;
  readonly suppliers: readonly Supplier[];
  /** The members of the swarm that share the origin's work, as far as gossip told; see docs/decisions/0013. */
  readonly committee: readonly PeerId[];
  /** How many it has when it is full. */
  readonly committeeSize: number;
  /** False when only peers are to be asked now. */
  readonly withOrigin: boolean;
  /** Peers that are on the way: what they have and want is not known yet. */
  readonly expected: readonly PeerId[];
  /** True while peers that nobody knows yet may turn up: a dial, a handshake or an announce is under way. */
  readonly peersMayCome: boolean;
  /** What this node's other contents use of the limits that all share. */
  readonly elsewhere: { readonly originFetches: number; readonly unverifiedBytes: number };
}

/**
 * Who may bring a missing piece. `coming`: a peer is sending it. `held`: a peer has it. `fetched`: a peer is getting it
 * from the origin. `duty`: somebody else in the swarm is on duty to get it from there. `unknown`: somebody who is not
 * here yet. `none`: nobody but the origin.
 */
export type Prospect = "coming" | "held" | "fetched" | "duty" | "unknown" | "none";

/** Whether a missing piece may still come from a peer, so that waiting for it until its deadline is worth while. */
export class Outlook {
  readonly #around: Surroundings;
  readonly #pieces: Pieces;
  readonly #availability: Availability;
  readonly #promising: readonly Supplier[];
  readonly #makeDuty: () => Duty;
  #duty: Duty | undefined;

  constructor(parts: {
    readonly around: Surroundings;
    readonly pieces: Pieces;
    readonly availability: Availability;
    readonly geometry: Geometry;
    readonly content: ContentId;
    readonly dutyBlockBytes: number;
  }) {
    const { around } = parts;
    this.#around = around;
    this.#pieces = parts.pieces;
    this.#availability = parts.availability;
    this.#promising = around.suppliers.filter((supplier) => supplier.promising);
    this.#makeDuty = () => new Duty({ ...parts, ...around, rivals: this.#promising });
  }

  prospect(piece: number): Prospect {
    if (this.#pieces.download(piece)?.pending) return "coming";
    if (this.#held(piece)) return "held";
    if (this.#promising.some((supplier) => supplier.fetches(piece))) return "fetched";
    if (this.rank(piece) > 0) return "duty";
    return this.#around.peersMayCome ? "unknown" : "none";
  }

  /** True when a piece that peers send will be here within this time at their pace. */
  arrivesWithin(piece: number, ms: number): boolean {
    const download = this.#pieces.download(piece);
    if (!download) return false;
    const owed = new Map<PeerId | undefined, number>();
    for (let chunk = 0; chunk < download.chunkCount; chunk++) {
      if (download.has(chunk)) continue;
      const peer = download.asked(chunk)[0]?.peer;
      owed.set(peer, (owed.get(peer) ?? 0) + download.chunkLength(chunk));
    }
    for (const { peer, bytesPerSecond } of this.#promising) {
      const bytes = owed.get(peer);
      if (bytes === undefined || bytes * second > bytesPerSecond * ms) continue;
      owed.delete(peer);
    }
    return owed.size === 0;
  }

  /** How many others are on duty for the piece before us; 0: it is ours to fetch. */
  rank(piece: number): number {
    if (this.#promising.length === 0) return 0;
    this.#duty ??= this.#makeDuty();
    return this.#duty.rank(piece);
  }

  /** True when, of those who are on the way, somebody will be on duty for the piece before us. */
  expects(piece: number): boolean {
    if (this.#around.expected.length === 0) return false;
    this.#duty ??= this.#makeDuty();
    return this.#duty.expects(piece);
  }

  /** True when, of those who get the piece from the origin at once, somebody else is to go on. */
  yields(piece: number): boolean {
    this.#duty ??= this.#makeDuty();
    return this.#duty.outranked(piece);
  }

  /** All that peers deliver now, bytes per second; undefined until it was measured. */
  get bytesPerSecond(): number | undefined {
    let sum = 0;
    for (const { bytesPerSecond } of this.#promising) sum += bytesPerSecond;
    return sum > 0 ? sum : undefined;
  }

  #held(piece: number): boolean {
    if (this.#availability.of(piece) === 0) return false;
    // A count says all there is to know unless some peer that has it is not to be relied on.
    if (this.#promising.length === this.#around.suppliers.length) return true;
    return this.#promising.some(({ have }) => have.has(piece));
  }
}
