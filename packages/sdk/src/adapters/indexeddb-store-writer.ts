import { MIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import type { PieceDisk } from "./indexeddb-store-disk.ts";
import type { IndexEntry, PieceIndex } from "./indexeddb-store-index.ts";
import { type QueuedWrite, WriteQueue } from "./indexeddb-store-queue.ts";

export interface PieceWriterOptions {
  readonly disk: PieceDisk;
  readonly index: PieceIndex;
  readonly quotaBytes: number;
  readonly pendingBytes: number;
  readonly gatherMs: number;
  readonly useDelayMs: number;
  /** A piece left the disk to make room. */
  readonly onEvicted: (hash: string) => void;
  readonly onProblem: (error: RivuletError) => void;
}

/** One transaction's worth: large enough to be worth its overhead, small enough not to hold up reads for long. */
const BATCH_BYTES = 4 * MIB;

/** Gathers writes, carries them out one transaction at a time, and keeps the index true to what was written. */
export class PieceWriter {
  readonly #options: PieceWriterOptions;
  readonly #queue = new WriteQueue();
  #gaveUp = false;
  /** Whatever rewrites the index takes its turn here, so that none sees another's half-done work. */
  #turn: Promise<unknown> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #useTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PieceWriterOptions) {
    this.#options = options;
  }

  queued(hash: string): QueuedWrite | undefined {
    return this.#queue.get(hash);
  }

  /** Settles when the bytes are on disk, or will not be: over quota, too far behind, or nothing can be written. */
  async put(hash: string, bytes: Uint8Array): Promise<void> {
    const { quotaBytes, pendingBytes } = this.#options;
    const room = Math.min(quotaBytes, pendingBytes - this.#queue.heldBytes);
    if (bytes.byteLength <= room) await this.#add(hash, bytes);
  }

  async delete(hash: string): Promise<void> {
    this.#options.index.remove(hash);
    await this.#add(hash, undefined);
  }

  /** The index was touched: the disk is told in a while, together with the uses to come. */
  used(): void {
    this.#useTimer ??= setTimeout(() => this.#writeUses(), this.#options.useDelayMs);
  }

  /** Reads the index anew, drops what belongs to nothing, and makes room when it is over quota. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const { disk, index, quotaBytes } = this.#options;
      const { entries, strays } = await disk.readIndex();
      index.refresh(entries);
      const evicted = index.oldest(index.heldBytes - quotaBytes, new Set());
      if (strays.length + evicted.length === 0) return;
      // Tidying may fail where reading did not; whether anything can be written, the first put finds out.
      await disk.removeKeys(strays).catch(() => undefined);
      await this.#evict(evicted).catch(() => undefined);
    });
  }

  /** Writes what is still waiting. */
  async close(): Promise<void> {
    await this.#flush();
    await this.#writeUses();
  }

  async #add(hash: string, bytes: Uint8Array | undefined): Promise<void> {
    if (this.#gaveUp) return;
    const done = this.#queue.add(hash, bytes);
    // By size as well as by time: in a hidden tab a timer may take a minute.
    if (this.#queue.heldBytes >= BATCH_BYTES) this.#flush();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), this.#options.gatherMs);
    await done;
  }

  #flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushing ??= this.#writeAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    while (!this.#queue.isEmpty) {
      const batch = this.#queue.batch(Math.min(BATCH_BYTES, this.#options.quotaBytes));
      await this.#inTurn(() => this.#write(batch));
      this.#queue.finish(batch);
    }
  }

  async #write(batch: ReadonlyMap<string, QueuedWrite>): Promise<void> {
    if (this.#gaveUp) return;
    const { disk, index, quotaBytes } = this.#options;
    const pieces = new Map<string, Uint8Array>();
    const entries = new Map<string, IndexEntry>();
    const removed: string[] = [];
    let addedBytes = 0;
    for (const [hash, { bytes }] of batch) {
      addedBytes += (bytes?.byteLength ?? 0) - (index.get(hash)?.sizeBytes ?? 0);
      if (bytes) {
        pieces.set(hash, bytes);
        entries.set(hash, index.entryFor(bytes));
      } else removed.push(hash);
    }
    const kept = new Set(pieces.keys());
    try {
      await this.#evict(index.oldest(index.heldBytes + addedBytes - quotaBytes, kept));
      await disk.write({ pieces, entries, removed }).catch(async (error: unknown) => {
        // The browser's own quota came first: what it deletes it may count as free only later, so take more than needed.
        if (isQuotaError(error)) {
          await this.#evict(index.oldest(Math.max(2 * addedBytes, index.heldBytes / 8), kept));
        }
        await disk.write({ pieces, entries, removed });
      });
    } catch (cause) {
      this.#giveUp(cause);
      return;
    }
    for (const hash of removed) index.remove(hash);
    for (const [hash, entry] of entries) index.set(hash, entry);
  }

  async #evict(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await this.#options.disk.write({ removed: hashes });
    for (const hash of hashes) {
      this.#options.index.remove(hash);
      this.#options.onEvicted(hash);
    }
  }

  async #writeUses(): Promise<void> {
    clearTimeout(this.#useTimer);
    this.#useTimer = undefined;
    await this.#inTurn(async () => {
      const entries = this.#options.index.takeTouched();
      // The order of use is a hint; losing some of it costs a less fitting eviction.
      if (entries.size > 0) await this.#options.disk.write({ entries }).catch(() => undefined);
    });
  }

  #giveUp(cause: unknown): void {
    this.#gaveUp = true;
    this.#options.onProblem(
      isQuotaError(cause)
        ? new RivuletError(
            "storage-full",
            "The browser has no room for more pieces, even after old ones were removed. They stay in memory, for this visit.",
            { cause },
          )
        : new RivuletError(
            "storage-unavailable",
            `IndexedDB stopped taking pieces: ${cause}. They stay in memory, for this visit.`,
            { cause },
          ),
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}
