/** A map of a few entries, as a list: there is one for each peer, and a `Map` takes more than all the rest of it. */
export class SmallMap<Key extends string, Value> {
  #entries: readonly (readonly [Key, Value])[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get(key: Key): Value | undefined {
    return this.#entries.find(([known]) => known === key)?.[1];
  }

  has(key: Key): boolean {
    return this.#entries.some(([known]) => known === key);
  }

  set(key: Key, value: Value): void {
    this.#entries = [...this.#entries.filter(([known]) => known !== key), [key, value]];
  }

  delete(key: Key): void {
    this.#entries = this.#entries.filter(([known]) => known !== key);
  }

  /** As it is now: what changes later does not show in it. */
  get entries(): readonly (readonly [Key, Value])[] {
    return this.#entries;
  }
}
