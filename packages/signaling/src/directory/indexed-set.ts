import type { Random } from "@rivulet/sdk/protocol";

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

  /** The items in random order, each drawn when asked for. */
  *drawn(random: Random): Generator<Item> {
    for (const position of drawn(this.#items.length, random)) {
      const item = this.#items[position];
      if (item !== undefined) yield item;
    }
  }
}

/** The numbers below `size` in random order, each drawn when asked for (Fisher–Yates over an array that stays unwritten). */
export function* drawn(size: number, random: Random): Generator<number> {
  const moved = new Map<number, number>();
  for (let left = size; left > 0; left--) {
    const at = random.below(left);
    yield moved.get(at) ?? at;
    moved.set(at, moved.get(left - 1) ?? left - 1);
  }
}
