import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";

/** A peer that we serve, as the spreading sees it. */
export interface Audience {
  readonly peer: PeerId;
  /** True for a piece that it wants and has not. */
  lacks(piece: number): boolean;
}

/** What offers are made from. */
export interface Supply {
  /** Pieces that may be on offer at once and not asked for yet, to all peers together. */
  readonly room: number;
  /** How many of the peers have a piece. */
  availability(piece: number): number;
  /** False when pieces that some peer has, or was offered, are not to be offered again: let them pass them on. */
  readonly again: boolean;
  /** How long an offer stands that nobody takes up, ms. */
  readonly offerMs: number;
  readonly now: number;
}

/** `open`: suggested. `taken`: asked for. `declined`: not asked for in time; it probably comes from elsewhere. */
interface Offer {
  state: "open" | "taken" | "declined";
  until: number;
}

/** What was taken up and did not arrive within this time is offered to somebody else. */
const DELIVERY_MS = 10 * second;
/** A piece that a peer declined is not offered to it again for so many times the life of an offer. */
const DECLINED_TIMES = 20;

/**
 * Which pieces we would rather give to whom: those that the fewest have first, each to one peer at a time, so that it
 * leaves us about once and the others get it from each other (super-seeding, BEP 16, but without hiding what we have).
 */
export class Spreader {
  readonly #pieces: number;
  /** To how many peers each piece is on offer. */
  readonly #offered: Uint16Array;
  readonly #offers = new Map<PeerId, Map<number, Offer>>();
  /** Whose turn it is, and where to look next for a piece that nobody has. */
  #turn = 0;
  #next: number;
  #open = 0;

  /** `start`: the first piece to offer; several seeders of one content do well to start at different ones. */
  constructor(pieces: number, start: number) {
    this.#pieces = pieces;
    this.#offered = new Uint16Array(pieces);
    this.#next = start % Math.max(1, pieces);
  }

  /** The peer asked for a piece. */
  taken(peer: PeerId, piece: number, now: number): void {
    const offer = this.#offers.get(peer)?.get(piece);
    if (offer?.state !== "open") return;
    offer.state = "taken";
    offer.until = now + DELIVERY_MS;
    this.#open--;
  }

  /** New offers. */
  offers(audience: readonly Audience[], supply: Supply): Map<PeerId, number[]> {
    this.#settle(audience, supply);
    const fresh = new Map<PeerId, number[]>();
    // By turns, so that pieces in a row go to different peers.
    for (let refused = 0; refused < audience.length && this.#open < supply.room; this.#turn++) {
      const one = audience[this.#turn % audience.length] as Audience;
      const piece = this.#rarest(one, supply);
      if (piece === undefined) {
        refused++;
        continue;
      }
      refused = 0;
      this.#offersTo(one.peer).set(piece, { state: "open", until: supply.now + supply.offerMs });
      this.#count(piece, 1);
      this.#open++;
      const pieces = fresh.get(one.peer);
      if (pieces) pieces.push(piece);
      else fresh.set(one.peer, [piece]);
    }
    return fresh;
  }

  /** Ends the offers of what has arrived, of peers that are gone, and those that came to nothing. */
  #settle(audience: readonly Audience[], { offerMs, now }: Supply): void {
    const here = new Map(audience.map((one) => [one.peer, one]));
    for (const [peer, offers] of this.#offers) {
      const one = here.get(peer);
      for (const [piece, offer] of offers) {
        if (one?.lacks(piece) && now < offer.until) continue;
        if (offer.state === "open") this.#open--;
        if (offer.state !== "declined") this.#count(piece, -1);
        if (one?.lacks(piece) && offer.state === "open")
          offers.set(piece, { state: "declined", until: now + DECLINED_TIMES * offerMs });
        else offers.delete(piece);
      }
      if (!one) this.#offers.delete(peer);
    }
  }

  /** The piece with the fewest copies that the peer lacks and was not offered. */
  #rarest(one: Audience, supply: Supply): number | undefined {
    const offers = this.#offersTo(one.peer);
    let rarest: number | undefined;
    let least = supply.again ? Number.POSITIVE_INFINITY : 1;
    for (let looked = 0; looked < this.#pieces && least > 0; looked++) {
      const piece = (this.#next + looked) % this.#pieces;
      const copies = supply.availability(piece) + (this.#offered[piece] ?? 0);
      if (copies < least && one.lacks(piece) && !offers.has(piece)) [rarest, least] = [piece, copies];
    }
    if (rarest !== undefined) this.#next = (rarest + 1) % this.#pieces;
    return rarest;
  }

  #count(piece: number, by: 1 | -1): void {
    this.#offered[piece] = (this.#offered[piece] ?? 0) + by;
  }

  #offersTo(peer: PeerId): Map<number, Offer> {
    let offers = this.#offers.get(peer);
    if (!offers) {
      offers = new Map();
      this.#offers.set(peer, offers);
    }
    return offers;
  }
}
