import { second } from "../../base/time.ts";
import { MAX_LISTING_PART_BYTES } from "../../protocol/share/limits.ts";
import type { Partner, Said } from "./partner.ts";

/** Parts of the listing that answer one question; then it is asked again, so that no more than this waits in a channel. */
const PARTS_AT_ONCE = 4;
/** A listing that does not come on for so long is asked of somebody else. */
const STALL_MS = 5 * second;

interface Known {
  /** It asked when we did not know either: it hears as soon as we do. */
  waits: boolean;
  /** It said that it does not know. */
  ignorant: boolean;
}

/** Gets the list of files from one partner at a time, and gives it to those who ask. */
export class ListingExchange {
  readonly #known: () => Uint8Array | undefined;
  readonly #onWhole: (partner: Partner, listing: Uint8Array) => void;
  readonly #partners = new Map<Partner, Known>();
  /** Who was asked, and what came of it. */
  #asked: { readonly partner: Partner; parts: Uint8Array | undefined; got: number } | undefined;
  #stall: ReturnType<typeof setTimeout> | undefined;

  /** `known`: the listing, once it is verified. `onWhole` is given one that is not. */
  constructor(known: () => Uint8Array | undefined, onWhole: (partner: Partner, listing: Uint8Array) => void) {
    this.#known = known;
    this.#onWhole = onWhole;
  }

  joined(partner: Partner): void {
    this.#partners.set(partner, { waits: false, ignorant: false });
    this.#ask();
  }

  left(partner: Partner): void {
    this.#partners.delete(partner);
    if (this.#asked?.partner === partner) this.#askAnother();
  }

  /** The listing is known now. */
  found(): void {
    clearTimeout(this.#stall);
    this.#asked = undefined;
    for (const [partner, { waits }] of this.#partners) if (waits) this.answer(partner, 0);
  }

  stop(): void {
    clearTimeout(this.#stall);
    this.#partners.clear();
  }

  /** The partner asks for it from a byte on. */
  answer(partner: Partner, from: number): void {
    const listing = this.#known();
    const known = this.#partners.get(partner);
    if (known) known.waits = !listing;
    if (!listing) {
      partner.say({ type: "listing", length: 0, offset: 0, bytes: new Uint8Array(0) });
      return;
    }
    for (let part = 0, at = from; part < PARTS_AT_ONCE && at < listing.byteLength; part++) {
      const bytes = listing.subarray(at, at + MAX_LISTING_PART_BYTES);
      partner.say({ type: "listing", length: listing.byteLength, offset: at, bytes });
      at += bytes.byteLength;
    }
  }

  part(partner: Partner, { length, offset, bytes }: Said<"listing">): void {
    const known = this.#partners.get(partner);
    if (!known || this.#known()) return;
    known.ignorant = length === 0;
    if (known.ignorant) return void (this.#asked?.partner === partner && this.#askAnother());
    // One that did not know when it was asked, and does now.
    this.#asked ??= { partner, parts: undefined, got: 0 };
    const asked = this.#asked;
    if (asked.partner !== partner) return;
    asked.parts ??= new Uint8Array(length);
    if (offset !== asked.got || length !== asked.parts.byteLength) return;
    asked.parts.set(bytes, offset);
    asked.got += bytes.byteLength;
    this.#watch();
    if (asked.got === length) this.#onWhole(partner, asked.parts);
    else if (asked.got % (PARTS_AT_ONCE * MAX_LISTING_PART_BYTES) === 0)
      partner.say({ type: "ask", listingFrom: asked.got, hashesFrom: 0 });
  }

  #ask(): void {
    if (this.#asked || this.#known()) return;
    for (const [partner, { ignorant }] of this.#partners) {
      if (ignorant) continue;
      this.#asked = { partner, parts: undefined, got: 0 };
      this.#watch();
      partner.say({ type: "ask", listingFrom: 0, hashesFrom: 0 });
      return;
    }
  }

  #askAnother(): void {
    clearTimeout(this.#stall);
    const slow = this.#asked?.partner;
    const known = slow && this.#partners.get(slow);
    this.#asked = undefined;
    // To the end of the queue: somebody else is next.
    if (slow && known) {
      this.#partners.delete(slow);
      this.#partners.set(slow, known);
    }
    this.#ask();
  }

  #watch(): void {
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.#askAnother(), STALL_MS);
  }
}
