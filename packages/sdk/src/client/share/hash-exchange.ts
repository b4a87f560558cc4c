import { HASH_BYTES } from "../../content/limits.ts";
import type { Description } from "./description.ts";
import type { Partner } from "./partner.ts";

/** Hashes that are sent beyond what was asked from, before it is asked anew. */
const AHEAD = 8192;

interface Known {
  /** It wants hashes from this piece on; undefined: it has not asked. */
  askedFrom: number | undefined;
  /** It was sent those before this piece. */
  sentTo: number;
  /** What we last asked it from. */
  weAskedFrom: number;
}

/**
 * Passes signed hashes to those who asked, as they become known. They go out before any word of the pieces they are of, so
 * whoever can ask for a piece knows its hash by the time it comes.
 */
export class HashExchange {
  readonly #description: Description;
  readonly #partners = new Map<Partner, Known>();

  constructor(description: Description) {
    this.#description = description;
  }

  /** The listing is known, and the partner is there: whichever came last. */
  joined(partner: Partner): void {
    this.#known(partner);
    this.#ask(partner);
  }

  left(partner: Partner): void {
    this.#partners.delete(partner);
  }

  /** The partner wants those from a piece on, and all that become known later. */
  answer(partner: Partner, from: number): void {
    const known = this.#known(partner);
    known.askedFrom = from;
    known.sentTo = Math.max(known.sentTo, from);
    this.#send(partner, known);
  }

  /** More are known: everybody who asked hears of them. */
  added(): void {
    for (const [partner, known] of this.#partners) {
      this.#send(partner, known);
      if (this.#description.hashedPieces - known.weAskedFrom >= AHEAD / 2) this.#ask(partner);
    }
  }

  #known(partner: Partner): Known {
    const known = this.#partners.get(partner) ?? { askedFrom: undefined, sentTo: 0, weAskedFrom: 0 };
    this.#partners.set(partner, known);
    return known;
  }

  #ask(partner: Partner): void {
    if (this.#description.complete) return;
    const known = this.#known(partner);
    known.weAskedFrom = this.#description.hashedPieces;
    partner.say({ type: "ask", listingFrom: undefined, hashesFrom: known.weAskedFrom });
  }

  #send(partner: Partner, known: Known): void {
    if (known.askedFrom === undefined) return;
    for (const signed of this.#description.signed) {
      const end = signed.first + signed.hashes.byteLength / HASH_BYTES;
      if (end <= known.sentTo) continue;
      if (signed.first >= known.askedFrom + AHEAD) break;
      partner.say({ type: "hashes", signed });
      known.sentTo = end;
    }
  }
}
