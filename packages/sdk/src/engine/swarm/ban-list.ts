/**
 * Peers that proved to lie, for a while, by id or by introducer and id. Bounded: a forgotten ban costs one more proof, an
 * unbounded list memory.
 */
export class BanList {
  static readonly limit = 1024;
  readonly #until = new Map<string, number>();

  add(name: string, until: number): void {
    this.#until.delete(name);
    this.#until.set(name, until);
    if (this.#until.size > BanList.limit) {
      const [oldest] = this.#until.keys();
      if (oldest !== undefined) this.#until.delete(oldest);
    }
  }

  has(name: string, now: number): boolean {
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(name);
    return false;
  }
}
