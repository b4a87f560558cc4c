import type { ContentId, PeerId } from "../../base/ids.ts";
import type { Geometry } from "../../content/geometry.ts";
import { dutyIdentity, dutyWeight } from "./duty.ts";
import type { Pieces } from "./pieces.ts";
import type { Supplier } from "./supplier.ts";

/** What a decision about one content is made from. */
export interface Surroundings {
  readonly now: number;
  readonly self: PeerId;
  readonly suppliers: readonly Supplier[];
  /** True while peers that nobody knows yet may turn up: a dial, a handshake or an announce is under way. */
  readonly peersMayCome: boolean;
  /** What this node's other contents use of the limits that all share. */
  readonly elsewhere: { readonly originFetches: number; readonly unverifiedBytes: number };
}

/**
 * Who may bring a missing piece. `coming`: a peer is sending it. `held`: a peer has it. `duty`: a peer wants it too, and
 * is on duty to get it from the origin. `unknown`: somebody who is not here yet. `none`: nobody but the origin.
 */
export type Prospect = "coming" | "held" | "duty" | "unknown" | "none";

/** Whether a missing piece may still come from a peer, so that waiting for it until its deadline is worth while. */
export class Outlook {
  readonly #around: Surroundings;
  readonly #pieces: Pieces;
  readonly #geometry: Geometry;
  readonly #dutyBlockBytes: number;
  /** Our own, as far as duty goes. */
  readonly #identity: number;
  readonly #promising: readonly { readonly supplier: Supplier; readonly identity: number }[];

  constructor(parts: {
    readonly around: Surroundings;
    readonly pieces: Pieces;
    readonly geometry: Geometry;
    readonly content: ContentId;
    readonly dutyBlockBytes: number;
  }) {
    this.#around = parts.around;
    this.#pieces = parts.pieces;
    this.#geometry = parts.geometry;
    this.#dutyBlockBytes = parts.dutyBlockBytes;
    const { self, suppliers } = parts.around;
    this.#identity = dutyIdentity(self, parts.content);
    this.#promising = suppliers
      .filter((supplier) => supplier.promising)
      .map((supplier) => ({ supplier, identity: dutyIdentity(supplier.peer, parts.content) }));
  }

  /** How many connected peers have the piece. */
  availability(piece: number): number {
    let count = 0;
    for (const supplier of this.#around.suppliers) if (supplier.have.has(piece)) count++;
    return count;
  }

  prospect(piece: number): Prospect {
    if (this.#pieces.download(piece)?.pending) return "coming";
    for (const { supplier } of this.#promising) if (supplier.have.has(piece)) return "held";
    if (this.#dutyOfAnother(piece)) return "duty";
    return this.#around.peersMayCome ? "unknown" : "none";
  }

  /** All that peers deliver now, bytes per second; undefined until it was measured. */
  get bytesPerSecond(): number | undefined {
    let sum = 0;
    for (const { supplier } of this.#promising) sum += supplier.bytesPerSecond;
    return sum > 0 ? sum : undefined;
  }

  #dutyOfAnother(piece: number): boolean {
    if (this.#promising.length === 0) return false;
    const { resource } = this.#geometry.place(piece);
    const { first } = this.#geometry.piecesOf(resource);
    const perBlock = Math.max(
      1,
      Math.floor(this.#dutyBlockBytes / this.#geometry.resource(resource).pieceBytes),
    );
    const block = first + Math.floor((piece - first) / perBlock) * perBlock;
    const own = dutyWeight(this.#identity, block);
    return this.#promising.some(
      ({ identity, supplier }) => dutyWeight(identity, block) > own && supplier.wants(piece),
    );
  }
}
