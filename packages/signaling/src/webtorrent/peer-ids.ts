import type { BinaryId } from "./tracker-message.ts";

/** Connections of one peer id at a time: a reconnect from elsewhere, while the dead one is not yet noticed, needs two. */
const MAX_HOLDERS = 4;

/** What this has to know of a connection. */
export interface Holder {
  /** As `Caller.address`. */
  readonly address: string;
}

/**
 * Which connections have which peer id. An id is only a claim: whoever claims one is a member of its own, and takes
 * nothing from those that claimed it before, unless it comes from the same address, as a reconnect does.
 */
export class PeerIds<H extends Holder> {
  /** Nearly all ids have one holder, which is kept without a list. */
  readonly #single = new Map<BinaryId, H>();
  readonly #several = new Map<BinaryId, readonly H[]>();

  get size(): number {
    return this.#single.size + this.#several.size;
  }

  /** The newest last. */
  of(peerId: BinaryId): readonly H[] {
    const single = this.#single.get(peerId);
    return single ? [single] : (this.#several.get(peerId) ?? []);
  }

  /** Those from the same address, which the claim replaces; undefined when too many others have the id. */
  claim(peerId: BinaryId, holder: H): readonly H[] | undefined {
    const before = this.of(peerId);
    const others = before.filter((other) => other.address !== holder.address);
    if (others.length >= MAX_HOLDERS) return undefined;
    this.#put(peerId, [...others, holder]);
    return before.filter((other) => other.address === holder.address);
  }

  release(peerId: BinaryId, holder: H): void {
    const before = this.of(peerId);
    const left = before.filter((other) => other !== holder);
    if (left.length < before.length) this.#put(peerId, left);
  }

  #put(peerId: BinaryId, holders: readonly H[]): void {
    const [single] = holders;
    this.#single.delete(peerId);
    this.#several.delete(peerId);
    if (single && holders.length === 1) this.#single.set(peerId, single);
    else if (holders.length > 1) this.#several.set(peerId, holders);
  }
}
