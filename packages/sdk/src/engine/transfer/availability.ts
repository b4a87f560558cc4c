import type { Bitfield } from "../../content/bitfield.ts";
import type { Geometry } from "../../content/geometry.ts";

/** How many connected peers have each piece of one content, counted as they say so. */
export class Availability {
  readonly #geometry: Geometry;
  #first: number;
  #counts: Uint16Array;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    this.#first = geometry.first;
    this.#counts = new Uint16Array(geometry.pieceCount);
  }

  of(piece: number): number {
    return this.#counts[piece - this.#first] ?? 0;
  }

  /** A peer has this piece from now on (1), or no more (-1). */
  change(piece: number, by: 1 | -1): void {
    this.#counts[piece - this.#first] = this.of(piece) + by;
  }

  /** A peer came with all that it has (1), or went (-1). */
  changeAll(have: Bitfield, by: 1 | -1): void {
    if (!this.#geometry.fits(have)) return;
    for (const piece of have) this.change(piece, by);
  }

  /** The content has grown, or forgot its beginning: `haves` are those of all who opened it. */
  slide(haves: readonly Bitfield[]): void {
    this.#first = this.#geometry.first;
    this.#counts = new Uint16Array(this.#geometry.pieceCount);
    for (const have of haves) this.changeAll(have, 1);
  }
}
