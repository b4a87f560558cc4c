import { second } from "../../base/time.ts";
import type { DuePiece } from "./due-piece.ts";

/** Decides in which order missing pieces are asked of peers. */
export interface Picker {
  /**
   * The piece's place: of those that a peer has, the one with the lowest is asked for first. `availability` says how
   * many peers have it; `begun` is false while we have hardly anything to give.
   */
  rank(
    one: DuePiece,
    around: { readonly availability: number; readonly begun: boolean; readonly now: number },
  ): number;
  /** True when the piece is due so soon that its deadline comes before all else. */
  urgent(one: DuePiece, now: number): boolean;
}

/** How close a deadline must be to come before rarity. */
const URGENT_MS = 4 * second;
/** Ranks of urgent pieces are below all others. */
const URGENT_RANK = -1e9;

/**
 * Rarest first within the deadlines' freedom: what is due soon goes by deadline; the rest by how few peers have it,
 * so that no piece dies out (Cohen 2003). Ties are broken by a per-node order, so that neighbours begin with
 * different pieces and have something to exchange. The very first pieces are any: a rare one would come slowly, from the few
 * who have it, and keep us from giving (BEP 3: random first piece).
 */
export class RarestFirst implements Picker {
  readonly #salt: number;
  readonly #runPieces: number;

  /** `runPieces`: so many in a row keep their order among themselves. */
  constructor(salt: number, runPieces = 1) {
    this.#salt = salt;
    this.#runPieces = runPieces;
  }

  rank(
    one: DuePiece,
    around: { readonly availability: number; readonly begun: boolean; readonly now: number },
  ): number {
    const { availability, begun, now } = around;
    if (this.urgent(one, now)) return URGENT_RANK + one.dueAt - now;
    // The high bits of a product are the well-mixed ones.
    const mixed = Math.imul(Math.floor(one.piece / this.#runPieces) ^ this.#salt, 0x9e3779b1);
    const tie = ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
    return begun ? availability + tie : tie;
  }

  urgent(one: DuePiece, now: number): boolean {
    return one.dueAt - now < URGENT_MS;
  }
}
