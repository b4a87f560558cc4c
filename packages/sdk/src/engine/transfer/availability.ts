import type { Bitfield } from "../../content/bitfield.ts";

/** How many connected peers have each piece of one content, counted as they say so. */
export class Availability {
  readonly #counts: Uint16Array;

  constructor(pieces: number) {
    this.#counts = new Uint16Array(pieces);
  }

  of(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  /** A peer has this piece from now on (1), or no more (-1). */
  change(piece: number, by: 1 | -1): void {
    this.#counts[piece] = this.of(piece) + by;
  }

  /** A peer came with all that it has (1), or went (-1). One that counts other pieces than we do counts for nothing. */
  changeAll(have: Bitfield, by: 1 | -1): void {
    if (have.length !== this.#counts.length) return;
    for (const piece of have) this.change(piece, by);
  }
}
