import { MIB } from "../base/bytes.ts";
import { second } from "../base/time.ts";
import type { PieceStore } from "../engine/ports.ts";

/** So much is given to the store at once, and may wait for it. */
const BATCH_BYTES = 8 * MIB;
/** So much the store takes at once: of a page that ends, only what it took is stored. */
const LAST_BATCH_BYTES = 32 * MIB;
/** What comes while so much more than may be held is unsaved is given to the store at once, which may leave it out. */
const MOST_BEHIND_BYTES = 32 * MIB;
/** A page that waits for nothing may ask for the next file in a moment. */
const LULL_MS = second / 4;

interface Unsaved {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Verified pieces on their way to the store, in the order in which they came. While the page waits for bytes and is busy, what
 * comes is held in memory: writing it takes processor time that loading needs (docs/decisions/0037).
 */
export class SaveQueue {
  readonly #store: Pick<PieceStore, "put">;
  readonly #mostHeldBytes: number;
  readonly #pieces = new Map<number, Unsaved>();
  #bytes = 0;
  /** While the page waits: whether it has more to do than its processor can. */
  #isBusy: (() => boolean) | undefined;
  #isWriting = false;
  #batch: Promise<unknown> = Promise.resolve();
  #lull: ReturnType<typeof setTimeout> | undefined;

  /** `mostHeldBytes`: what is held while a busy page waits; beyond it the oldest are written. */
  constructor(store: Pick<PieceStore, "put">, mostHeldBytes: number) {
    this.#store = store;
    this.#mostHeldBytes = mostHeldBytes;
  }

  /** The store has not confirmed these yet. */
  get pieces(): ReadonlyMap<number, Unsaved> {
    return this.#pieces;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: number, name: string, bytes: Uint8Array): void {
    this.#remove(piece);
    if (this.#bytes > this.#mostHeldBytes + MOST_BEHIND_BYTES)
      return void this.#store.put(name, bytes).catch(() => undefined);
    this.#pieces.set(piece, { name, bytes });
    this.#bytes += bytes.byteLength;
    void this.#write(BATCH_BYTES);
  }

  /** The page waits for bytes; undefined: it does not any more, and a moment after that what is held is written. */
  pageWaits(isBusy: (() => boolean) | undefined): void {
    clearTimeout(this.#lull);
    if (isBusy) this.#isBusy = isBusy;
    else if (this.#isBusy) this.#lull = setTimeout(() => this.#release(BATCH_BYTES), LULL_MS);
  }

  /** Settles when more may come: at the store's pace, unless it is to be held. */
  async room(): Promise<void> {
    while (this.#isWriting && this.#bytes >= Math.max(BATCH_BYTES, this.#heldBytes)) await this.#batch;
  }

  /** Writes all that is there; settles when the store has confirmed it, or given it up. */
  async flush(): Promise<void> {
    clearTimeout(this.#lull);
    this.#release(LAST_BATCH_BYTES);
    while (this.#isWriting) await this.#batch;
  }

  #release(batchBytes: number): void {
    this.#isBusy = undefined;
    void this.#write(batchBytes);
  }

  /** How much is to be held now. */
  get #heldBytes(): number {
    return this.#isBusy?.() ? this.#mostHeldBytes : 0;
  }

  async #write(batchBytes: number): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#bytes > this.#heldBytes) {
      this.#batch = Promise.all(this.#next(batchBytes).map((one) => this.#save(...one)));
      await this.#batch;
    }
    this.#isWriting = false;
  }

  #next(batchBytes: number): [number, Unsaved][] {
    const batch: [number, Unsaved][] = [];
    let bytes = 0;
    for (const one of this.#pieces) {
      batch.push(one);
      bytes += one[1].bytes.byteLength;
      if (bytes >= batchBytes) break;
    }
    return batch;
  }

  async #save(piece: number, unsaved: Unsaved): Promise<void> {
    await this.#store.put(unsaved.name, unsaved.bytes).catch(() => undefined);
    if (this.#pieces.get(piece) === unsaved) this.#remove(piece);
  }

  #remove(piece: number): void {
    this.#bytes -= this.#pieces.get(piece)?.bytes.byteLength ?? 0;
    this.#pieces.delete(piece);
  }
}
