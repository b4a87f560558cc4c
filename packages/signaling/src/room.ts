import type { PeerId, PeerListing } from "@rivulet/sdk/protocol";
import { IndexedSet } from "./indexed-set.ts";

/** One swarm as the directory knows it: who is in it, and who of them has everything. */
export class Room {
  readonly #partial = new IndexedSet<PeerId>();
  readonly #complete = new IndexedSet<PeerId>();

  get size(): number {
    return this.#partial.size + this.#complete.size;
  }

  /** Members that still miss something. */
  get partialSize(): number {
    return this.#partial.size;
  }

  has(peer: PeerId): boolean {
    return this.#partial.has(peer) || this.#complete.has(peer);
  }

  /** Those that miss something come first, then the complete ones; undefined beyond the end. */
  at(position: number): PeerListing | undefined {
    const complete = position >= this.#partial.size;
    const peer = complete ? this.#complete.at(position - this.#partial.size) : this.#partial.at(position);
    return peer === undefined ? undefined : { peer, complete };
  }

  put(peer: PeerId, complete: boolean): void {
    this.remove(peer);
    (complete ? this.#complete : this.#partial).add(peer);
  }

  remove(peer: PeerId): boolean {
    return this.#partial.delete(peer) || this.#complete.delete(peer);
  }
}
