import type { Random } from "@rivulet/sdk/protocol";

/** A list in no order whose items know where they are, so that drawing some of them costs nothing but the draws. */
export class DrawnList<Item extends { position: number }> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    item.position = this.#items.length;
    this.#items.push(item);
  }

  /** The last one takes its place. The item must be in this list. */
  remove(item: Item): void {
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#put(last, item.position);
  }

  /**
   * The n-th of a series of draws from 0 on, each item once in a series: one step of a Fisher–Yates shuffle in place.
   * `already` is how many were drawn, less than the size.
   */
  draw(already: number, random: Random): Item {
    const at = already + random.below(this.#items.length - already);
    const item = this.#at(at);
    const other = this.#at(already);
    this.#put(item, already);
    this.#put(other, at);
    return item;
  }

  #at(position: number): Item {
    const item = this.#items[position];
    if (item === undefined) throw new RangeError(`There is no item ${position} of ${this.#items.length}.`);
    return item;
  }

  #put(item: Item, position: number): void {
    this.#items[position] = item;
    item.position = position;
  }
}
