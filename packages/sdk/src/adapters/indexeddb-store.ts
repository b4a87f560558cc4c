import { RivuletError } from "../base/errors.ts";
import type { PieceStore } from "../engine/ports.ts";
import { type DiskChanges, indexKey, isQuotaError, PieceDisk, writeProblem } from "./indexeddb-store-disk.ts";
import { PieceIndex } from "./indexeddb-store-index.ts";
import { DEFAULTS, type IndexedDbStoreOptions, USE_DELAY_MS } from "./indexeddb-store-options.ts";
import { bytesOf, takingTurns, type Write } from "./indexeddb-store-queue.ts";
import { ownBuffer, RecentPieces } from "./memory-store.ts";

/**
 * Pieces in IndexedDB, with the recent ones in memory. The bytes given to `put` are readable at once; its promise settles
 * when they are on disk or given up, so who awaits it keeps to the disk's pace. What comes while one transaction is
 * under way goes into the next one together.
 */
export class IndexedDbStore implements PieceStore {
  readonly #options: IndexedDbStoreOptions & typeof DEFAULTS;
  readonly #disk: PieceDisk;
  readonly #index = new PieceIndex(Date.now);
  readonly #memory: RecentPieces;
  /** Waiting to be written, or being written. */
  readonly #queue = new Map<string, Write>();
  /** Pieces used since the disk was last told. */
  readonly #used = new Set<string>();
  /** Reads under way, so that many who ask for one piece read it once. A change of the piece disowns its read. */
  readonly #reads = new Map<string, Promise<Uint8Array | undefined>>();
  /** Whatever rewrites the index takes its turn here, so that none sees another's half-done work. */
  readonly #inTurn = takingTurns();
  #useTimer: ReturnType<typeof setTimeout> | undefined;
  #refreshedAt = 0;
  #gaveUp = false;
  #closing: Promise<void> | undefined;

  private constructor(options: IndexedDbStoreOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#disk = new PieceDisk(options.name);
    this.#memory = new RecentPieces(this.#options.memoryBytes);
  }

  /** @throws RivuletError `storage-unavailable` when the browser does not let this page use IndexedDB. */
  static async open(options: IndexedDbStoreOptions): Promise<IndexedDbStore> {
    try {
      const store = new IndexedDbStore(options);
      await store.#refresh();
      return store;
    } catch (cause) {
      throw new RivuletError("storage-unavailable", `IndexedDB cannot be used here: ${cause}`, { cause });
    }
  }

  async present(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    const old = Date.now() - this.#refreshedAt >= this.#options.refreshMs;
    // Another tab may have stored what this one does not know of; if that cannot be read, what is known will do.
    if (old && !this.#closing && !hashes.every((hash) => this.#has(hash)))
      await this.#refresh().catch(() => undefined);
    return new Set(hashes.filter((hash) => this.#has(hash)));
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    const queued = this.#queue.get(hash);
    if (queued) return queued.bytes;
    this.touch([hash]);
    const held = this.#memory.get(hash);
    if (held || this.#closing) return held;
    return this.#reads.get(hash) ?? this.#read(hash);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    if (this.#closing) return;
    const { quotaBytes, pendingBytes } = this.#options;
    const own = ownBuffer(bytes);
    this.#reads.delete(hash);
    this.#memory.put(hash, own);
    if (own.byteLength <= Math.min(quotaBytes, pendingBytes - bytesOf(this.#queue)))
      await this.#enqueue(hash, own);
  }

  touch(hashes: readonly string[]): void {
    for (const hash of this.#closing ? [] : hashes) {
      const entry = this.#index.get(hash);
      if (entry) this.#use(hash, entry.sizeBytes);
    }
  }

  async delete(hash: string): Promise<void> {
    if (this.#closing) return;
    this.#reads.delete(hash);
    this.#memory.delete(hash);
    this.#index.delete(hash);
    await this.#enqueue(hash, undefined);
  }

  close(): Promise<void> {
    this.#closing ??= this.#inTurn(async () => {
      await this.#write();
      this.#memory.clear();
      this.#index.refresh(new Map());
      // A connection that the browser already took away has nothing left to let go of.
      await this.#disk.close().catch(() => undefined);
    });
    return this.#closing;
  }

  #has(hash: string): boolean {
    const queued = this.#queue.get(hash);
    return queued
      ? queued.bytes !== undefined
      : this.#memory.has(hash) || this.#index.get(hash) !== undefined;
  }

  #use(hash: string, sizeBytes: number): void {
    this.#index.use(hash, sizeBytes);
    this.#used.add(hash);
    this.#useTimer ??= setTimeout(() => this.#inTurn(() => this.#write()), USE_DELAY_MS);
  }

  #read(hash: string): Promise<Uint8Array | undefined> {
    const read = this.#disk
      .read(hash)
      .catch(() => undefined)
      .then((bytes) => {
        if (this.#reads.get(hash) !== read) return this.get(hash);
        this.#reads.delete(hash);
        // The disk is believed rather than the index, and half a piece is none.
        const entry = this.#index.get(hash);
        if (bytes && (!entry || entry.sizeBytes === bytes.byteLength)) {
          if (!entry && !this.#closing) this.#use(hash, bytes.byteLength);
          this.#memory.put(hash, bytes);
          return bytes;
        }
        if (entry) void this.delete(hash);
        return undefined;
      });
    this.#reads.set(hash, read);
    return read;
  }

  async #enqueue(hash: string, bytes: Uint8Array | undefined): Promise<void> {
    if (this.#gaveUp) return;
    this.#queue.delete(hash);
    this.#queue.set(hash, { bytes });
    await this.#inTurn(() => this.#write());
  }

  /** Reads the index anew, drops what belongs to nothing, and makes room when it is over quota. */
  #refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const { entries, strays } = await this.#disk.readIndex();
      this.#index.refresh(entries);
      this.#refreshedAt = Date.now();
      const changes = new Map<IDBValidKey, unknown>(strays.map((key) => [key, undefined]));
      this.#evict(changes, this.#index.heldBytes - this.#options.quotaBytes);
      // Tidying may fail where reading did not; whether anything can be written, the first put finds out.
      if (changes.size > 0) await this.#disk.write(changes).catch(() => undefined);
    });
  }

  /** Writes what waits, and what was used. */
  async #write(): Promise<void> {
    clearTimeout(this.#useTimer);
    this.#useTimer = undefined;
    const batch = new Map(this.#queue);
    const changes = new Map<IDBValidKey, unknown>();
    for (const [hash, { bytes }] of batch) {
      changes.set(hash, bytes);
      if (bytes) this.#index.use(hash, bytes.byteLength);
      else this.#index.delete(hash);
    }
    for (const hash of [...batch.keys(), ...this.#used]) changes.set(indexKey(hash), this.#index.get(hash));
    this.#used.clear();
    this.#evict(changes, this.#index.heldBytes - this.#options.quotaBytes);
    try {
      if (changes.size > 0 && !this.#gaveUp)
        await this.#disk.write(changes).catch((error: unknown) => this.#writeAgain(changes, batch, error));
    } catch (cause) {
      for (const hash of batch.keys()) this.#index.delete(hash);
      // The order of use is a hint; losing some of it costs a less fitting eviction.
      this.#gaveUp = batch.size > 0;
      if (this.#gaveUp) this.#options.onProblem(writeProblem(cause));
    }
    // Unless something newer was queued under this name while the batch was being written.
    for (const [hash, write] of batch) if (this.#queue.get(hash) === write) this.#queue.delete(hash);
  }

  async #writeAgain(changes: DiskChanges, batch: ReadonlyMap<string, Write>, error: unknown): Promise<void> {
    if (isQuotaError(error)) {
      // The browser's own quota came first: what it deletes it may count as free only later, so take more than needed.
      const evicted = new Map<IDBValidKey, unknown>();
      this.#evict(evicted, Math.max(2 * bytesOf(batch), this.#index.heldBytes / 8), batch);
      await this.#disk.write(evicted);
    }
    await this.#disk.write(changes);
  }

  #evict(changes: Map<IDBValidKey, unknown>, bytesToFree: number, except?: ReadonlyMap<string, Write>): void {
    for (const hash of this.#index.evict(bytesToFree, except)) {
      this.#memory.delete(hash);
      changes.set(hash, undefined);
      changes.set(indexKey(hash), undefined);
    }
  }
}
