import { concatBytes } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { MAX_LISTING_PART_BYTES } from "../../protocol/share/limits.ts";
import type { Partner, Said } from "./partner.ts";

/** Parts of the listing that answer one question; then it is asked again, so that no more than this waits in a channel. */
const PARTS_AT_ONCE = 4;
/** So often it is looked at how it comes on: if not at all, or not to be whole soon, somebody else is asked as well. */
const LOOK_MS = 5 * second;
const SOON_MS = 60 * second;

interface Known {
  /** It asked when we did not know either: it hears as soon as we do. */
  waits: boolean;
  /** It was sent the listing up to this byte. */
  sentTo: number;
  /** We asked it. It is asked once: what it was asked for comes, or it does not. */
  asked: boolean;
  /** How long ago, in looks. */
  looks: number;
  /** It said that it does not know. */
  ignorant: boolean;
  /** What came from it. */
  parts: Uint8Array[];
  got: number;
  length: number | undefined;
}

/** Gets the list of files from one partner, from more where that takes long, and gives it to those who ask. */
export class ListingExchange {
  readonly #known: () => Uint8Array | undefined;
  readonly #onWhole: (partner: Partner, listing: Uint8Array) => void;
  readonly #partners = new Map<Partner, Known>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Something came since the last look. */
  #goesOn = false;

  /** `known`: the listing, once it is verified. `onWhole` is given one that is not, at most one of each partner. */
  constructor(known: () => Uint8Array | undefined, onWhole: (partner: Partner, listing: Uint8Array) => void) {
    this.#known = known;
    this.#onWhole = onWhole;
  }

  joined(partner: Partner): void {
    const said = { waits: false, sentTo: 0, asked: false, looks: 0, ignorant: false };
    this.#partners.set(partner, { ...said, parts: [], got: 0, length: undefined });
    this.#askIfNobodyIs();
  }

  left(partner: Partner): void {
    if (this.#partners.delete(partner)) this.#askIfNobodyIs();
  }

  /** The listing is known now. */
  found(): void {
    clearTimeout(this.#timer);
    for (const [partner, known] of this.#partners) {
      known.parts = [];
      if (known.waits) this.answer(partner, 0);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#partners.clear();
  }

  /** The partner asks for it from a byte on. What it was sent once it is not sent again. */
  answer(partner: Partner, from: number): void {
    const listing = this.#known();
    const known = this.#partners.get(partner);
    if (!known) return;
    known.waits = !listing;
    if (!listing) {
      partner.say({ type: "listing", length: 0, offset: 0, bytes: new Uint8Array(0) });
      return;
    }
    const length = listing.byteLength;
    const end = Math.min(length, from + PARTS_AT_ONCE * MAX_LISTING_PART_BYTES);
    for (let at = Math.max(from, known.sentTo); at < end; at = known.sentTo) {
      known.sentTo = Math.min(length, at + MAX_LISTING_PART_BYTES);
      partner.say({ type: "listing", length, offset: at, bytes: listing.subarray(at, known.sentTo) });
    }
  }

  /** All of it was sent to the partner. */
  gave(partner: Partner): boolean {
    return this.#partners.get(partner)?.sentTo === this.#known()?.byteLength;
  }

  part(partner: Partner, { length, offset, bytes }: Said<"listing">): void {
    const known = this.#partners.get(partner);
    if (!known?.asked || this.#known()) return;
    if (length === 0) {
      known.ignorant = true;
      return this.#askIfNobodyIs();
    }
    known.ignorant = false;
    known.length ??= length;
    const expected = Math.min(MAX_LISTING_PART_BYTES, length - known.got);
    if (length !== known.length || offset !== known.got || bytes.byteLength !== expected || expected === 0)
      return partner.cut(outOfTurn());
    // Kept until the rest is there, while the message's own memory is used for the next.
    known.parts.push(bytes.slice());
    known.got += bytes.byteLength;
    this.#goesOn = true;
    if (known.got === length) this.#onWhole(partner, concatBytes(known.parts.splice(0)));
    else if (known.parts.length % PARTS_AT_ONCE === 0)
      partner.say({ type: "ask", listingFrom: known.got, hashesFrom: 0 });
  }

  /** One that said that it does not know will tell once it does. */
  #askIfNobodyIs(): void {
    for (const { asked, ignorant } of this.#partners.values()) if (asked && !ignorant) return;
    this.#askOne();
  }

  #askOne(): void {
    if (this.#known()) return;
    for (const [partner, known] of this.#partners) {
      if (known.asked) continue;
      known.asked = true;
      this.#watch();
      return void partner.say({ type: "ask", listingFrom: 0, hashesFrom: 0 });
    }
  }

  /** What has come of a slow one is not thrown away: there may be nobody who is faster. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#watch();
      const asked = [...this.#partners.values()].filter((known) => known.asked);
      for (const known of asked) known.looks++;
      if (!this.#goesOn || !asked.some(isSoonWhole)) this.#askOne();
      this.#goesOn = false;
    }, LOOK_MS);
  }
}

/** The rest comes within a minute if it comes like what has come. */
function isSoonWhole({ got, length = 0, looks }: Known): boolean {
  return got > 0 && ((length - got) / got) * looks * LOOK_MS <= SOON_MS;
}

function outOfTurn(): RivuletError {
  return new RivuletError("protocol-violation", "A part of the list of files came out of turn.");
}
