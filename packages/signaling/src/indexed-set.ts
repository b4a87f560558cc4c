/** A set whose members can also be reached by position, so that one can be drawn at random from very many. */
export class IndexedSet<Item> {
  readonly #items: Item[] = [];
  readonly #position = new Map<Item, number>();

  get size(): number {
    return this.#items.length;
  }

  has(item: Item): boolean {
    return this.#position.has(item);
  }

  /** In no particular order; undefined beyond the end. */
  at(position: number): Item | undefined {
    return this.#items[position];
  }

  add(item: Item): void {
    if (this.has(item)) return;
    this.#position.set(item, this.#items.length);
    this.#items.push(item);
  }

  /** The last one takes the place of the one that goes; returns false when it was not there. */
  delete(item: Item): boolean {
    const position = this.#position.get(item);
    if (position === undefined) return false;
    this.#position.delete(item);
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      this.#items[position] = last;
      this.#position.set(last, position);
    }
    return true;
  }
}
