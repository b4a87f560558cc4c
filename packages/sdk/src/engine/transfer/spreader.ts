import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";

/** A peer that a seeder serves, as the spreading sees it. */
export interface Audience {
  readonly peer: PeerId;
  /** How many pieces may be on offer to it at once. */
  readonly room: number;
  /** True for a piece that it wants and has not. */
  lacks(piece: number): boolean;
}

/** An offer that came to nothing for so long is made to somebody else. */
const OFFER_MS = 10 * second;

/**
 * Which pieces a seeder would rather give to whom, so that each leaves it about once and the others get it from each
 * other (super-seeding, BEP 16, but without hiding what it has). A piece that nobody here has yet is offered to one peer
 * at a time. Who keeps what it is given to itself gets no less, but what it sits on is offered again when the
 * seeder has nothing better to do.
 */
export class Spreader {
  readonly #pieces: number;
  /** To how many peers each piece is on offer. */
  readonly #offered: Uint16Array;
  readonly #offers = new Map<PeerId, Map<number, number>>();
  /** Where to look next for a piece that nobody has. */
  #next: number;
  /** No piece is left that nobody has or was offered, until an offer comes to nothing. */
  #spread = false;

  /** `start`: the first piece to offer; several seeders of one content do well to start at different ones. */
  constructor(pieces: number, start: number) {
    this.#pieces = pieces;
    this.#offered = new Uint16Array(pieces);
    this.#next = start % Math.max(1, pieces);
  }

  /**
   * New offers. `availability` says how many of the peers have a piece. With `spare` capacity, pieces that some have are
   * offered too, the rarest first.
   */
  offers(
    audience: readonly Audience[],
    around: {
      readonly availability: (piece: number) => number;
      readonly spare: boolean;
      readonly now: number;
    },
  ): Map<PeerId, number[]> {
    this.#settle(audience, around);
    const fresh = new Map<PeerId, number[]>();
    // By turns, so that pieces in a row go to different peers.
    for (let open = [...audience]; open.length > 0; ) {
      open = open.filter((one) => {
        const mine = this.#of(one.peer);
        if (mine.size >= one.room) return false;
        const piece = this.#first(one, around.availability) ?? (around.spare && this.#rarest(one, around));
        if (typeof piece !== "number") return false;
        mine.set(piece, around.now);
        this.#offered[piece] = (this.#offered[piece] ?? 0) + 1;
        fresh.set(one.peer, [...(fresh.get(one.peer) ?? []), piece]);
        return true;
      });
    }
    return fresh;
  }

  /** Ends the offers that were taken up, those of peers that are gone, and those that came to nothing. */
  #settle(audience: readonly Audience[], { now }: { readonly now: number }): void {
    const here = new Map(audience.map((one) => [one.peer, one]));
    for (const [peer, offers] of this.#offers) {
      const one = here.get(peer);
      for (const [piece, at] of offers) {
        const lacking = one?.lacks(piece) ?? true;
        if (one && lacking && now - at < OFFER_MS) continue;
        offers.delete(piece);
        this.#offered[piece] = (this.#offered[piece] ?? 1) - 1;
        if (lacking) this.#spread = false;
      }
      if (one) continue;
      // It may have been the only one that had some piece.
      this.#offers.delete(peer);
      this.#spread = false;
    }
  }

  #first(one: Audience, availability: (piece: number) => number): number | undefined {
    if (this.#spread) return undefined;
    let skipped = false;
    for (let looked = 0; looked < this.#pieces; looked++) {
      const piece = (this.#next + looked) % this.#pieces;
      if (availability(piece) > 0 || this.#offered[piece]) continue;
      if (!one.lacks(piece)) {
        skipped = true;
        continue;
      }
      if (!skipped) this.#next = (piece + 1) % this.#pieces;
      return piece;
    }
    this.#spread = !skipped;
    return undefined;
  }

  #rarest(one: Audience, around: { availability(piece: number): number }): number | undefined {
    let rarest: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    const mine = this.#of(one.peer);
    for (let looked = 0; looked < this.#pieces && least > 1; looked++) {
      const piece = (this.#next + looked) % this.#pieces;
      const copies = around.availability(piece) + (this.#offered[piece] ?? 0);
      if (copies < least && one.lacks(piece) && !mine.has(piece)) [rarest, least] = [piece, copies];
    }
    return rarest;
  }

  #of(peer: PeerId): Map<number, number> {
    let offers = this.#offers.get(peer);
    if (!offers) {
      offers = new Map();
      this.#offers.set(peer, offers);
    }
    return offers;
  }
}
