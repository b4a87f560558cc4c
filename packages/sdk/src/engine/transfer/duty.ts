import type { ContentId, PeerId } from "../../base/ids.ts";
import { identityOf, scramble } from "../../base/rendezvous.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { Supplier } from "./supplier.ts";

/*
 * Who fetches what from the origin when nobody has it: rendezvous hashing (Thaler and Ravishankar 1998). Every peer
 * computes the same weight for each (peer, block), and those with the heaviest are on duty, in that order: the first
 * fetches, the others are its backups. No message is needed for that, and a peer that leaves only moves its own blocks.
 */

/**
 * The weight of a peer for a block, the same number on every peer; neighbouring blocks get unrelated ones. Two peers
 * weigh the same only when their identities are the same; then both are on duty.
 */
export function dutyWeight(identity: number, block: number): number {
  return scramble(Math.imul(identity ^ block, 0x9e3779b1));
}

/** Who is on duty before us, for one content at one moment. */
export class Duty {
  readonly #geometry: Geometry;
  readonly #blockBytes: number;
  readonly #identity: number;
  /** True when we share in the work; who has no seat is on duty after all who have. */
  readonly #seated: boolean;
  /** Connected peers, of whom we know what they want. */
  readonly #all: readonly Supplier[];
  readonly #content: ContentId;
  readonly #rivals: readonly { readonly supplier: Supplier; readonly identity: number }[];
  /** Members of the committee that we are not connected to. */
  readonly #distant: readonly number[];
  /** Peers that are on the way to us. */
  readonly #expected: readonly number[];
  /** For each block that was asked about: the connected peers before us, and how many distant ones are. */
  readonly #blocks = new Map<number, { readonly near: readonly Supplier[]; readonly far: number }>();

  constructor(parts: {
    readonly self: PeerId;
    readonly content: ContentId;
    readonly geometry: Geometry;
    readonly dutyBlockBytes: number;
    readonly rivals: readonly Supplier[];
    readonly suppliers: readonly Supplier[];
    readonly expected: readonly PeerId[];
    readonly committee: readonly PeerId[];
    readonly committeeSize: number;
  }) {
    const { self, content, committee } = parts;
    this.#geometry = parts.geometry;
    this.#blockBytes = parts.dutyBlockBytes;
    this.#identity = identityOf(self, content);
    this.#all = parts.rivals;
    this.#content = content;
    const seats = new Set(committee);
    // A full committee does the work for all. Before it is, everybody whom we know to want the content counts as a member.
    const full = seats.size >= parts.committeeSize;
    this.#seated = !full || seats.has(self);
    const rivals = parts.rivals.filter(({ peer }) => !full || seats.has(peer));
    this.#rivals = rivals.map((supplier) => ({ supplier, identity: identityOf(supplier.peer, content) }));
    for (const { peer } of parts.suppliers) seats.delete(peer);
    seats.delete(self);
    this.#expected = parts.expected.map((peer) => identityOf(peer, content));
    this.#distant = Array.from(seats, (peer) => identityOf(peer, content));
  }

  /** How many are on duty for this piece before us. */
  rank(piece: number): number {
    const { near, far } = this.#before(this.#blockOf(piece));
    let rank = far;
    for (const supplier of near) if (supplier.wants(piece)) rank++;
    return rank;
  }

  /** True when somebody who is on the way will be on duty for it before us. */
  expects(piece: number): boolean {
    const block = this.#blockOf(piece);
    const own = dutyWeight(this.#identity, block);
    return this.#expected.some((identity) => dutyWeight(identity, block) > own);
  }

  /** True when a connected peer that fetches the piece comes before us, whoever has a seat. */
  outranked(piece: number): boolean {
    const block = this.#blockOf(piece);
    const own = dutyWeight(this.#identity, block);
    return this.#all.some(
      (supplier) =>
        supplier.fetches(piece) && dutyWeight(identityOf(supplier.peer, this.#content), block) > own,
    );
  }

  #blockOf(piece: number): number {
    const resource = this.#geometry.resourceOf(piece);
    const { first } = this.#geometry.piecesOf(resource);
    const { pieceBytes } = this.#geometry.resource(resource);
    const perBlock = Math.max(1, Math.floor(this.#blockBytes / pieceBytes));
    return first + Math.floor((piece - first) / perBlock) * perBlock;
  }

  #before(block: number): { readonly near: readonly Supplier[]; readonly far: number } {
    let before = this.#blocks.get(block);
    if (!before) {
      const own = this.#seated ? dutyWeight(this.#identity, block) : -1;
      const heavier = (identity: number) => dutyWeight(identity, block) > own;
      before = {
        near: this.#rivals.filter(({ identity }) => heavier(identity)).map(({ supplier }) => supplier),
        far: this.#distant.filter(heavier).length,
      };
      this.#blocks.set(block, before);
    }
    return before;
  }
}
