import type { PeerId } from "../../base/ids.ts";

/** Peers that proved to lie, for a while. Bounded: a forgotten ban costs one more proof, an unbounded list memory. */
export class BanList {
  static readonly limit = 1024;
  readonly #until = new Map<PeerId, number>();

  add(peer: PeerId, until: number): void {
    this.#until.delete(peer);
    this.#until.set(peer, until);
    if (this.#until.size > BanList.limit) {
      const [oldest] = this.#until.keys();
      if (oldest !== undefined) this.#until.delete(oldest);
    }
  }

  has(peer: PeerId, now: number): boolean {
    const until = this.#until.get(peer);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(peer);
    return false;
  }
}
