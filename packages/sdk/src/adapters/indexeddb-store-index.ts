/** What is remembered about a stored piece besides its bytes. */
export interface IndexEntry {
  readonly sizeBytes: number;
  /** When it was last used, ms since 1970: uses are compared across visits. */
  readonly usedAt: number;
}

/** What is believed to be on disk, in order of use. Another tab may have changed the disk since: see `refresh`. */
export class PieceIndex {
  /** A Map keeps the order of insertion: the first is the least recently used. */
  #entries = new Map<string, IndexEntry>();
  readonly #now: () => number;
  #lastUse = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const { sizeBytes } of this.#entries.values()) bytes += sizeBytes;
    return bytes;
  }

  get(hash: string): IndexEntry | undefined {
    return this.#entries.get(hash);
  }

  delete(hash: string): void {
    this.#entries.delete(hash);
  }

  /** Marks a use. Two within one millisecond still have an order, and a clock set back does not make old pieces new. */
  use(hash: string, sizeBytes: number): void {
    this.#lastUse = Math.max(this.#now(), this.#lastUse + 1);
    this.#entries.delete(hash);
    this.#entries.set(hash, { sizeBytes, usedAt: this.#lastUse });
  }

  /** Takes what the disk says now; a later use that it has not been told of yet stands. */
  refresh(disk: ReadonlyMap<string, IndexEntry>): void {
    const merged = [...disk].map(([hash, entry]): [string, IndexEntry] => {
      const known = this.#entries.get(hash);
      return [hash, known && known.usedAt > entry.usedAt ? { ...entry, usedAt: known.usedAt } : entry];
    });
    this.#entries = new Map(merged.sort(([, a], [, b]) => a.usedAt - b.usedAt));
    this.#lastUse = Math.max(this.#lastUse, merged.at(-1)?.[1].usedAt ?? 0);
  }

  /** Forgets the least recently used pieces, at least so many bytes of them if there are, and names them. */
  evict(bytesToFree: number, except?: ReadonlyMap<string, unknown>): string[] {
    const evicted: string[] = [];
    let left = bytesToFree;
    for (const [hash, { sizeBytes }] of this.#entries) {
      if (left <= 0) break;
      if (except?.has(hash)) continue;
      left -= sizeBytes;
      this.#entries.delete(hash);
      evicted.push(hash);
    }
    return evicted;
  }
}
