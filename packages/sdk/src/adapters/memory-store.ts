import type { PieceStore } from "../engine/ports.ts";

/** Pieces in memory, bounded in bytes; the least recently used leave first. */
export class RecentPieces {
  readonly #quotaBytes: number;
  /** A Map keeps the order of insertion: the first is the least recently used. */
  readonly #pieces = new Map<string, Uint8Array>();
  #heldBytes = 0;

  constructor(quotaBytes: number) {
    this.#quotaBytes = quotaBytes;
  }

  has(hash: string): boolean {
    return this.#pieces.has(hash);
  }

  get(hash: string): Uint8Array | undefined {
    const bytes = this.#pieces.get(hash);
    if (bytes) {
      this.#pieces.delete(hash);
      this.#pieces.set(hash, bytes);
    }
    return bytes;
  }

  /** Keeps the bytes, unless they alone are over quota: then whatever was under that name goes, and nothing else. */
  put(hash: string, bytes: Uint8Array): void {
    this.delete(hash);
    if (bytes.byteLength > this.#quotaBytes) return;
    for (const oldest of this.#pieces.keys()) {
      if (this.#heldBytes + bytes.byteLength <= this.#quotaBytes) break;
      this.delete(oldest);
    }
    this.#pieces.set(hash, bytes);
    this.#heldBytes += bytes.byteLength;
  }

  delete(hash: string): void {
    const bytes = this.#pieces.get(hash);
    if (!bytes) return;
    this.#pieces.delete(hash);
    this.#heldBytes -= bytes.byteLength;
  }

  clear(): void {
    this.#pieces.clear();
    this.#heldBytes = 0;
  }
}

/**
 * A view of a larger buffer would keep all of that buffer alive (and be stored with all of it), whatever the quota says;
 * such bytes are copied.
 */
export function ownBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

export interface MemoryStoreOptions {
  /** How many bytes of pieces to keep. */
  readonly quotaBytes: number;
}

/** A piece store that forgets everything with the page. */
export class MemoryStore implements PieceStore {
  readonly #pieces: RecentPieces;
  #closed = false;

  constructor(options: MemoryStoreOptions) {
    this.#pieces = new RecentPieces(options.quotaBytes);
  }

  async present(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(hashes.filter((hash) => this.#pieces.has(hash)));
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    return this.#pieces.get(hash);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    if (!this.#closed) this.#pieces.put(hash, ownBuffer(bytes));
  }

  touch(hashes: readonly string[]): void {
    for (const hash of hashes) this.#pieces.get(hash);
  }

  async delete(hash: string): Promise<void> {
    this.#pieces.delete(hash);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pieces.clear();
  }
}
