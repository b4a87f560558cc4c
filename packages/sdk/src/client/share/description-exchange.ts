import { MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { PeerId } from "../../base/ids.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { SignedHashes } from "../../protocol/share/share-message.ts";
import type { Description } from "./description.ts";
import { HashExchange } from "./hash-exchange.ts";
import { ListingExchange } from "./listing-exchange.ts";
import type { Partner } from "./partner.ts";
import type { ProvedMessage } from "./secure-link.ts";
import { restore } from "./stored-description.ts";

/**
 * Who asks for more while so much waits for it takes none of it. One that does never has more waiting than what answers two
 * questions, some 500 kB.
 */
const MOST_UNSENT_BYTES = 2 * MIB;

interface ExchangeEvents {
  /** The list of files is known now. */
  onListing(stream: FileStream): void;
  /** Hashes of more pieces are known. */
  onHashes(): void;
  /** Somebody passed on what the sender did not sign, and was cut. */
  onForged(error: RivuletError): void;
}

/** Passes what is known of a share to those who lack it, and takes in what they know, checked. */
export class DescriptionExchange {
  readonly #description: Description;
  readonly #events: ExchangeEvents;
  readonly #listing: ListingExchange;
  readonly #hashes: HashExchange;
  readonly #partners = new Set<Partner>();
  /** Signatures are checked one after the other, in the order in which they came. */
  #checking: Promise<void> = Promise.resolve();

  constructor(description: Description, events: ExchangeEvents) {
    this.#description = description;
    this.#events = events;
    this.#hashes = new HashExchange(description);
    this.#listing = new ListingExchange(
      () => description.listing,
      (partner, listing) => this.#check(partner, () => this.#takeListing(listing)),
    );
  }

  /** Settles when all that has come so far is checked. */
  get settled(): Promise<void> {
    return this.#checking;
  }

  joined(partner: Partner): void {
    this.#partners.add(partner);
    this.#listing.joined(partner);
    if (this.#description.stream) this.#hashes.joined(partner);
  }

  left(partner: Partner): void {
    this.#partners.delete(partner);
    this.#listing.left(partner);
    this.#hashes.left(partner);
  }

  heard(partner: Partner, message: ProvedMessage): void {
    switch (message.type) {
      case "ask":
        if (partner.bufferedBytes > MOST_UNSENT_BYTES) return partner.cut(takesNothing());
        if (message.listingFrom === undefined) this.#hashes.answer(partner, message.hashesFrom);
        else this.#listing.answer(partner, message.listingFrom);
        return;
      case "listing":
        return this.#listing.part(partner, message);
      case "hashes":
        return this.#check(partner, () => this.#takeHashes(message.signed));
      default:
        return message satisfies never;
    }
  }

  /** The peer was sent the whole list of files. */
  gaveList(peer: PeerId): boolean {
    return Array.from(this.#partners).some((each) => each.peer === peer && this.#listing.gave(each));
  }

  /** The sender knows more hashes. */
  added(): void {
    this.#hashes.added();
  }

  stop(): void {
    this.#listing.stop();
    this.#partners.clear();
  }

  /** Takes in what an earlier visit kept, as far as it is sound; settles when that is done. */
  takeStored(stored: Uint8Array | undefined): Promise<void> {
    this.#checking = this.#checking.then(async () => {
      const before = this.#description.stream;
      if (stored) await restore(this.#description, stored);
      // To who asked while it was read, and before any word of the pieces.
      this.#hashes.added();
      const { stream } = this.#description;
      if (stream && !before) this.#found(stream);
    });
    return this.#checking;
  }

  async #takeListing(listing: Uint8Array): Promise<void> {
    if (!this.#description.stream) this.#found(await this.#description.takeListing(listing));
  }

  #found(stream: FileStream): void {
    this.#listing.found();
    for (const partner of this.#partners) this.#hashes.joined(partner);
    this.#events.onListing(stream);
  }

  async #takeHashes(signed: SignedHashes): Promise<void> {
    if (!this.#description.stream || !(await this.#description.takeHashes(signed))) return;
    this.#hashes.added();
    this.#events.onHashes();
  }

  #check(partner: Partner, take: () => Promise<void>): void {
    // Who was cut meanwhile may have sent more, and each costs the others time.
    const takeIfThere = () => (this.#partners.has(partner) ? take() : undefined);
    this.#checking = this.#checking.then(takeIfThere).catch((error: unknown) => {
      if (error instanceof RivuletError) this.#events.onForged(error);
      partner.cut(error);
    });
  }
}

function takesNothing(): RivuletError {
  return new RivuletError("protocol-violation", "The other end asks for more, and takes nothing.");
}
