import type { PeerId } from "../../base/ids.ts";
import type { Bitfield } from "../../content/bitfield.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { Payload } from "../../protocol/payload.ts";
import { inRun, type PieceRun } from "../../protocol/piece-run.ts";
import type { PieceSource } from "../events.ts";
import { Download } from "./download.ts";

/** What is being checked: who sent it, so that a wrong piece has a culprit. Nobody: it is from the origin. */
export interface Claim {
  readonly senders: ReadonlySet<PeerId>;
  readonly bytes: number;
}

/** Where each piece of one content stands: missing, in download, being verified, or had. */
export class Pieces {
  readonly have: Bitfield;
  readonly #geometry: Geometry;
  readonly #chunkBytes: number;
  readonly #downloads = new Map<number, Download>();
  readonly #claims = new Map<number, Claim>();
  readonly #sources = new Map<number, PieceSource>();
  /** Pieces that failed with several senders: the next try has one sender, so that guilt is certain. */
  readonly #solo = new Set<number>();
  #unverifiedBytes = 0;

  constructor(geometry: Geometry, have: Bitfield, chunkBytes: number) {
    this.#geometry = geometry;
    this.#chunkBytes = chunkBytes;
    this.have = have;
  }

  /** Bytes held of pieces that are not verified yet, counting a begun piece in full. */
  get unverifiedBytes(): number {
    return this.#unverifiedBytes;
  }

  get downloads(): ReadonlyMap<number, Download> {
    return this.#downloads;
  }

  /** True while somebody should still fetch it. */
  missing(piece: number): boolean {
    return !this.have.has(piece) && !this.#claims.has(piece);
  }

  /** True while a piece of the run is being checked. */
  checking(run: PieceRun): boolean {
    for (const piece of this.#claims.keys()) if (inRun(run, piece)) return true;
    return false;
  }

  /** The first piece that is in download or being checked; `Infinity`: none is. */
  get firstInWork(): number {
    return Math.min(...this.#downloads.keys(), ...this.#claims.keys());
  }

  /** As the geometry of a live content does. */
  slide(): void {
    const { first, end } = this.#geometry;
    this.have.slide(first, end);
    for (const piece of this.#sources.keys()) if (piece < first) this.#sources.delete(piece);
    for (const piece of this.#solo) if (piece < first) this.#solo.delete(piece);
  }

  solo(piece: number): boolean {
    return this.#solo.has(piece);
  }

  source(piece: number): PieceSource {
    return this.#sources.get(piece) ?? { from: "store" };
  }

  download(piece: number): Download | undefined {
    return this.#downloads.get(piece);
  }

  /** The download of a missing piece, begun when it was not. */
  begin(piece: number): Download {
    let download = this.#downloads.get(piece);
    if (!download) {
      const { length } = this.#geometry.place(piece);
      download = new Download(length, this.#chunkBytes);
      this.#downloads.set(piece, download);
      this.#unverifiedBytes += length;
    }
    return download;
  }

  /** Ends a download without a result, and forgets its chunks. */
  drop(piece: number): void {
    const download = this.#downloads.get(piece);
    if (!download) return;
    this.#downloads.delete(piece);
    this.#unverifiedBytes -= download.length;
  }

  /** All bytes are there: what they claim to be is now being checked. */
  claim(piece: number, senders: Claim["senders"]): void {
    this.drop(piece);
    const bytes = this.#geometry.place(piece).length;
    this.#claims.set(piece, { senders, bytes });
    this.#unverifiedBytes += bytes;
  }

  /** The claim was right: the piece is had. Returns where it came from; undefined when it was had already. */
  accept(piece: number): PieceSource | undefined {
    const claim = this.#settle(piece);
    if (!claim || this.have.has(piece)) return undefined;
    const [sender] = claim.senders;
    const source: PieceSource = sender ? { from: "peer", peer: sender } : { from: "origin" };
    this.have.add(piece);
    this.#sources.set(piece, source);
    this.#solo.delete(piece);
    return source;
  }

  /** The claim was wrong. Returns it, and missing the piece is again. */
  deny(piece: number): Claim | undefined {
    const claim = this.#settle(piece);
    if (claim && claim.senders.size > 1) this.#solo.add(piece);
    return claim;
  }

  /**
   * The piece is here by other ways, and verified. False when it was had already. A claim to it is checked all the same:
   * whoever sent something else is to be known.
   */
  found(piece: number): boolean {
    if (this.have.has(piece)) return false;
    this.drop(piece);
    this.have.add(piece);
    this.#solo.delete(piece);
    return true;
  }

  /** A had piece is gone from the store. */
  lose(piece: number): void {
    this.have.delete(piece);
    this.#sources.delete(piece);
  }

  /** Takes a chunk; the whole piece's parts when it was the last one missing. */
  receive(piece: number, chunk: number, data: Payload, from: PeerId): "unneeded" | "kept" | "complete" {
    const download = this.#downloads.get(piece);
    if (!download || !this.missing(piece) || !download.receive(chunk, data, from)) return "unneeded";
    return download.complete ? "complete" : "kept";
  }

  #settle(piece: number): Claim | undefined {
    const claim = this.#claims.get(piece);
    if (!claim) return undefined;
    this.#claims.delete(piece);
    this.#unverifiedBytes -= claim.bytes;
    return claim;
  }
}
