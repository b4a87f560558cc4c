/** The own fields of one JSON object, each undefined unless it is what is asked for. */
export class MessageReader {
  readonly #record: ReadonlyMap<string, unknown>;

  private constructor(value: object) {
    this.#record = new Map<string, unknown>(Object.entries(value));
  }

  static parse(text: string): MessageReader | undefined {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null ? new MessageReader(value) : undefined;
    } catch {
      return undefined;
    }
  }

  raw(name: string): unknown {
    return this.#record.get(name);
  }

  /** A whole number that is no less than `min`. */
  whole(name: string, min: number): number | undefined {
    const value = this.raw(name);
    return typeof value === "number" && Number.isSafeInteger(value) && value >= min ? value : undefined;
  }

  /** One wrong item spoils the list. */
  list<Item>(
    name: string,
    maxLength: number,
    readItem: (value: unknown) => Item | undefined,
  ): Item[] | undefined {
    const value = this.raw(name);
    if (!Array.isArray(value) || value.length > maxLength) return undefined;
    const items: Item[] = [];
    for (const each of value) {
      const item = readItem(each);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }
}
