/** What is remembered about a stored piece besides its bytes. */
export interface IndexEntry {
  readonly sizeBytes: number;
  /** When it was last used, ms since 1970: uses are compared across visits. */
  readonly usedAt: number;
}

/** What is believed to be on disk, in order of use. Another tab may have changed the disk since: see `refresh`. */
export class PieceIndex {
  /** A Map keeps the order of insertion: the first is the least recently used. */
  readonly #entries = new Map<string, IndexEntry>();
  readonly #touched = new Set<string>();
  readonly #now: () => number;
  #heldBytes = 0;
  #lastUse = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get(hash: string): IndexEntry | undefined {
    return this.#entries.get(hash);
  }

  /** The entry of a piece that is about to be stored. */
  entryFor(bytes: Uint8Array): IndexEntry {
    return { sizeBytes: bytes.byteLength, usedAt: this.#use() };
  }

  set(hash: string, entry: IndexEntry): void {
    this.remove(hash);
    this.#entries.set(hash, entry);
    this.#heldBytes += entry.sizeBytes;
  }

  /** Marks a use. Returns false when the piece is not known. */
  touch(hash: string): boolean {
    const entry = this.#entries.get(hash);
    if (!entry) return false;
    this.set(hash, { sizeBytes: entry.sizeBytes, usedAt: this.#use() });
    this.#touched.add(hash);
    return true;
  }

  remove(hash: string): void {
    const entry = this.#entries.get(hash);
    if (!entry) return;
    this.#entries.delete(hash);
    this.#touched.delete(hash);
    this.#heldBytes -= entry.sizeBytes;
  }

  /** Takes what the disk says now; a later use that it has not been told of yet stands. */
  refresh(disk: ReadonlyMap<string, IndexEntry>): void {
    const merged = Array.from(disk, ([hash, entry]): [string, IndexEntry] => {
      const usedAt = Math.max(entry.usedAt, this.#entries.get(hash)?.usedAt ?? 0);
      return [hash, { sizeBytes: entry.sizeBytes, usedAt }];
    }).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    this.#entries.clear();
    this.#heldBytes = 0;
    for (const [hash, entry] of merged) {
      this.#entries.set(hash, entry);
      this.#heldBytes += entry.sizeBytes;
      this.#lastUse = Math.max(this.#lastUse, entry.usedAt);
    }
    for (const hash of this.#touched) if (!this.#entries.has(hash)) this.#touched.delete(hash);
  }

  /** The least recently used pieces that together free at least so many bytes, or all there are. */
  oldest(bytesToFree: number, except: ReadonlySet<string>): string[] {
    const chosen: string[] = [];
    let freed = 0;
    for (const [hash, entry] of this.#entries) {
      if (freed >= bytesToFree) break;
      if (except.has(hash)) continue;
      chosen.push(hash);
      freed += entry.sizeBytes;
    }
    return chosen;
  }

  /** The entries used since this was last asked, for the disk to be told. */
  takeTouched(): Map<string, IndexEntry> {
    const touched = new Map<string, IndexEntry>();
    for (const hash of this.#touched) {
      const entry = this.#entries.get(hash);
      if (entry) touched.set(hash, entry);
    }
    this.#touched.clear();
    return touched;
  }

  /** Two uses within one millisecond still have an order, and a clock set back does not make old pieces new. */
  #use(): number {
    this.#lastUse = Math.max(this.#now(), this.#lastUse + 1);
    return this.#lastUse;
  }
}
