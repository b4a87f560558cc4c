import { second } from "../../base/time.ts";
import type { DuePiece } from "./wants.ts";

/** Decides in which order missing pieces are asked of peers. */
export interface Picker {
  /** The pieces in the order of asking. `availability` says how many peers have a piece. */
  order(due: readonly DuePiece[], availability: (piece: number) => number, now: number): readonly DuePiece[];
}

/** How close a deadline must be to come before rarity. */
const URGENT_MS = 4 * second;

/**
 * Rarest first within the deadlines' freedom: what is due soon goes by deadline; the rest by how few peers have it,
 * so that no piece dies out (Cohen 2003). Ties are broken by a per-node order, so that neighbours begin with
 * different pieces and have something to exchange.
 */
export class RarestFirst implements Picker {
  readonly #salt: number;

  constructor(salt: number) {
    this.#salt = salt;
  }

  order(due: readonly DuePiece[], availability: (piece: number) => number, now: number): readonly DuePiece[] {
    const urgent: DuePiece[] = [];
    const free: { due: DuePiece; rarity: number; tie: number }[] = [];
    for (const one of due) {
      if (one.dueAt - now < URGENT_MS) urgent.push(one);
      else
        free.push({
          due: one,
          rarity: availability(one.piece),
          tie: Math.imul(one.piece ^ this.#salt, 0x9e3779b1) >>> 0,
        });
    }
    free.sort((a, b) => a.rarity - b.rarity || a.tie - b.tie);
    return [...urgent, ...free.map((one) => one.due)];
  }
}
