/**
 * Peers to stay away from for a while, by id or by introducer and id: who proved to lie, or could not be reached. Bounded:
 * a forgotten one costs one more proof or dial, an unbounded list memory.
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

  until(name: string): number {
    return this.#until.get(name) ?? 0;
  }

  has(name: string, now: number): boolean {
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (until > now) return true;
    this.#until.delete(name);
    return false;
  }
}
