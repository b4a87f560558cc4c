import { MIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";
import type { PieceStore } from "../engine/ports.ts";
import { PieceDisk } from "./indexeddb-store-disk.ts";
import { PieceIndex } from "./indexeddb-store-index.ts";
import { PieceWriter } from "./indexeddb-store-writer.ts";
import { ownBuffer, RecentPieces } from "./memory-store.ts";

export interface IndexedDbStoreOptions {
  /** Name of the database, which belongs to this store alone. */
  readonly name: string;
  /** How many bytes of pieces to keep on disk. */
  readonly quotaBytes: number;
  /** How many bytes of recently used pieces to hold in memory as well. */
  readonly memoryBytes?: number;
  /** How many bytes may wait to be written; a piece that comes while the disk is further behind stays in memory only. */
  readonly pendingBytes?: number;
  /** How long writes are gathered into one transaction, ms. */
  readonly gatherMs?: number;
  /** How long uses are gathered before the disk is told of them, ms. */
  readonly useDelayMs?: number;
  /** How old the knowledge of what other tabs stored may be when somebody asks what is there, ms. */
  readonly refreshMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told, once, why nothing more is written: `storage-full` or `storage-unavailable`. Pieces then stay in memory. */
  readonly onProblem: (error: RivuletError) => void;
}

const DEFAULTS = {
  memoryBytes: 32 * MIB,
  pendingBytes: 32 * MIB,
  gatherMs: 10,
  useDelayMs: 10 * second,
  refreshMs: 5 * second,
  now: () => Date.now(),
};

/**
 * Pieces in IndexedDB, with the recent ones in memory. The bytes given to `put` are readable at once; its promise settles
 * when they are on disk or given up, so who awaits it keeps to the disk's pace.
 */
export class IndexedDbStore implements PieceStore {
  readonly #now: () => number;
  readonly #refreshMs: number;
  readonly #disk: PieceDisk;
  readonly #index: PieceIndex;
  readonly #memory: RecentPieces;
  readonly #writer: PieceWriter;
  /** Reads under way, so that many who ask for one piece read it once. A change of the piece disowns its read. */
  readonly #reads = new Map<string, Promise<Uint8Array | undefined>>();
  #refreshedAt = 0;
  #closing: Promise<void> | undefined;

  private constructor(given: IndexedDbStoreOptions) {
    const options = { ...DEFAULTS, ...given };
    this.#now = options.now;
    this.#refreshMs = options.refreshMs;
    this.#disk = new PieceDisk(options.name);
    this.#index = new PieceIndex(options.now);
    this.#memory = new RecentPieces(options.memoryBytes);
    this.#writer = new PieceWriter({
      ...options,
      disk: this.#disk,
      index: this.#index,
      onEvicted: (hash) => this.#memory.delete(hash),
    });
  }

  /** @throws RivuletError `storage-unavailable` when the browser does not let this page use IndexedDB. */
  static async open(options: IndexedDbStoreOptions): Promise<IndexedDbStore> {
    const store = new IndexedDbStore(options);
    try {
      await store.#refresh();
    } catch (cause) {
      throw new RivuletError("storage-unavailable", `IndexedDB cannot be used here: ${cause}`, { cause });
    }
    return store;
  }

  async present(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    const old = this.#now() - this.#refreshedAt >= this.#refreshMs;
    // Another tab may have stored what this one does not know of; if that cannot be read, what is known will do.
    if (old && !this.#closing && !hashes.every((hash) => this.#has(hash))) {
      await this.#refresh().catch(() => undefined);
    }
    return new Set(hashes.filter((hash) => this.#has(hash)));
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    const queued = this.#writer.queued(hash);
    if (queued) return queued.bytes;
    if (this.#index.touch(hash)) this.#writer.used();
    const held = this.#memory.get(hash);
    if (held || this.#closing) return held;
    return this.#reads.get(hash) ?? this.#read(hash);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    if (this.#closing) return;
    const own = ownBuffer(bytes);
    this.#reads.delete(hash);
    this.#memory.put(hash, own);
    await this.#writer.put(hash, own);
  }

  async delete(hash: string): Promise<void> {
    if (this.#closing) return;
    this.#reads.delete(hash);
    this.#memory.delete(hash);
    await this.#writer.delete(hash);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    this.#memory.clear();
    this.#index.refresh(new Map());
    // A connection that the browser already took away has nothing left to let go of.
    await this.#disk.close().catch(() => undefined);
  }

  #read(hash: string): Promise<Uint8Array | undefined> {
    const read = this.#disk
      .read(hash)
      .catch(() => undefined)
      .then((bytes) => {
        if (this.#reads.get(hash) !== read) return this.get(hash);
        this.#reads.delete(hash);
        return this.#closing ? bytes : this.#wasRead(hash, bytes);
      });
    this.#reads.set(hash, read);
    return read;
  }

  /** Believes the disk rather than the index, and takes half a piece for none. */
  #wasRead(hash: string, bytes: Uint8Array | undefined): Uint8Array | undefined {
    const entry = this.#index.get(hash);
    if (bytes && (entry === undefined || entry.sizeBytes === bytes.byteLength)) {
      if (!entry) this.#index.set(hash, this.#index.entryFor(bytes));
      this.#memory.put(hash, bytes);
      return bytes;
    }
    if (entry) void this.#writer.delete(hash);
    return undefined;
  }

  async #refresh(): Promise<void> {
    await this.#writer.refresh();
    this.#refreshedAt = this.#now();
  }

  #has(hash: string): boolean {
    const queued = this.#writer.queued(hash);
    if (queued) return queued.bytes !== undefined;
    return this.#memory.has(hash) || this.#index.get(hash) !== undefined;
  }
}
