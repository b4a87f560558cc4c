/** What a name shall be: these bytes, or (undefined) nothing. */
export interface QueuedWrite {
  readonly bytes: Uint8Array | undefined;
  readonly settle: () => void;
}

/** Writes on their way to the disk, at most one a name: a later one takes the place of an earlier one. */
export class WriteQueue {
  readonly #writes = new Map<string, QueuedWrite>();
  #heldBytes = 0;

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get isEmpty(): boolean {
    return this.#writes.size === 0;
  }

  get(hash: string): QueuedWrite | undefined {
    return this.#writes.get(hash);
  }

  /** The promise settles when the write, or the one that took its place, is done or given up. */
  add(hash: string, bytes: Uint8Array | undefined): Promise<void> {
    const replaced = this.#writes.get(hash);
    this.#remove(hash);
    return new Promise((resolve) => {
      const settle = () => {
        replaced?.settle();
        resolve();
      };
      this.#writes.set(hash, { bytes, settle });
      this.#heldBytes += bytes?.byteLength ?? 0;
    });
  }

  /** The oldest writes, of at most so many bytes together but at least one. They stay readable until `finish`. */
  batch(maxBytes: number): Map<string, QueuedWrite> {
    const batch = new Map<string, QueuedWrite>();
    let bytes = 0;
    for (const [hash, write] of this.#writes) {
      bytes += write.bytes?.byteLength ?? 0;
      if (bytes > maxBytes && batch.size > 0) break;
      batch.set(hash, write);
    }
    return batch;
  }

  finish(batch: ReadonlyMap<string, QueuedWrite>): void {
    for (const [hash, write] of batch) {
      // Unless something newer was queued under this name while the batch was being written.
      if (this.#writes.get(hash) === write) this.#remove(hash);
      write.settle();
    }
  }

  #remove(hash: string): void {
    const write = this.#writes.get(hash);
    if (!write) return;
    this.#writes.delete(hash);
    this.#heldBytes -= write.bytes?.byteLength ?? 0;
  }
}
