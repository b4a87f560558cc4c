import { concatBytes, equalBytes, MIB, toHex } from "../base/bytes.ts";
import { second } from "../base/time.ts";
import type { Geometry } from "../content/geometry.ts";
import type { Hasher, PieceStore } from "../engine/ports.ts";
import type { Payload } from "../protocol/payload.ts";
import { SaveQueue } from "./save-queue.ts";
import { within } from "./waiting.ts";

/** What is held of pieces twice, so that the page need not get a copy; the oldest go first. */
const LOOSE_BYTES = 16 * MIB;

/** What is not on disk yet has so long to get there when Rivulet is destroyed. */
const LAST_WRITES_MS = 2 * second;

/**
 * Pieces between the engine and the store. Nothing leaves here unverified: what comes from the network is hashed
 * before it is stored, what an earlier visit stored is hashed when it is first read.
 */
export class PieceKeeper {
  readonly #geometry: Geometry;
  readonly #store: PieceStore;
  readonly #hasher: Hasher;
  readonly #trusted = new Set<number>();
  /** What the store has not confirmed yet. */
  readonly #queue: SaveQueue;
  /** Of verified pieces what came from the network, when the store holds a copy: nobody else will read these bytes. */
  readonly #loose = new Map<number, readonly Uint8Array[]>();
  #looseBytes = 0;
  readonly #names = new Map<number, string>();

  constructor(parts: {
    readonly geometry: Geometry;
    readonly store: PieceStore;
    readonly hasher: Hasher;
    /** How many bytes are held in memory while a busy page waits for others; none when left out. */
    readonly mostHeldBytes?: number;
  }) {
    this.#geometry = parts.geometry;
    this.#store = parts.store;
    this.#hasher = parts.hasher;
    this.#queue = new SaveQueue(parts.store, parts.mostHeldBytes ?? 0);
  }

  /** The pieces that an earlier visit stored. */
  async stored(): Promise<number[]> {
    const { first, pieceCount } = this.#geometry;
    const pieces = Array.from({ length: pieceCount }, (_, at) => first + at);
    const present = await this.#store.present(pieces.map((piece) => this.#hash(piece)));
    return pieces.filter((piece) => present.has(this.#hash(piece)));
  }

  /** The whole piece when its parts are what the manifest says, else undefined. */
  async verify(piece: number, parts: readonly Payload[]): Promise<Uint8Array | undefined> {
    const bytes = parts.filter((part): part is Uint8Array => part instanceof Uint8Array);
    const [only] = bytes;
    // A view of a frame would keep the frame, so the store gets a copy of that too.
    const owned = bytes.length === 1 && only?.byteLength === only?.buffer.byteLength;
    const whole = owned && only ? only : concatBytes(bytes);
    if (!(await this.#matches(piece, whole))) return undefined;
    if (whole !== only) this.#loosen(piece, bytes);
    return whole;
  }

  /** Keeps a verified piece; it can be read at once. */
  keep(piece: number, bytes: Uint8Array): void {
    this.#forget();
    this.#trusted.add(piece);
    this.#queue.add(piece, this.#hash(piece), bytes);
  }

  /** From now on the page waits for bytes, and what comes while it is busy is held in memory; undefined: it waits no more. */
  pageWaits(isBusy: (() => boolean) | undefined): void {
    this.#queue.pageWaits(isBusy);
  }

  /** The pieces that the store has not confirmed yet. */
  get unsaved(): readonly (readonly [piece: number, bytes: Uint8Array])[] {
    return Array.from(this.#queue.pieces, ([piece, { bytes }]) => [piece, bytes] as const);
  }

  /** Settles when more pieces may come; what comes faster than the store takes it has to be held in memory. */
  room(): Promise<void> {
    return this.#queue.room();
  }

  /** Nothing comes any more: what is unsaved has a moment to be taken by the store, which then lets go of everything. */
  async close(): Promise<void> {
    await within(LAST_WRITES_MS, this.flush());
    await this.#store.close();
  }

  /** Has the store take all that is unsaved; settles when it has, or gave it up. */
  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** These pieces were read from the store by somebody else. */
  used(pieces: readonly number[]): void {
    this.#store.touch(pieces.map((piece) => this.#hash(piece)));
  }

  /** The piece, verified; undefined when it is gone, or was damaged in the store. The caller must not change it. */
  async read(piece: number): Promise<Uint8Array | undefined> {
    const unsaved = this.#queue.pieces.get(piece);
    if (unsaved) return unsaved.bytes;
    if (!this.#geometry.has(piece)) return undefined;
    const bytes = await this.#store.get(this.#hash(piece)).catch(() => undefined);
    if (!bytes) return undefined;
    if (this.#trusted.has(piece)) return bytes;
    if (!(await this.#matches(piece, bytes))) {
      await this.#store.delete(this.#hash(piece)).catch(() => undefined);
      return undefined;
    }
    this.#trusted.add(piece);
    return bytes;
  }

  /**
   * Bytes [start, end) of a piece, verified, for the page to change or transfer as it likes; undefined when the piece is
   * gone, or was damaged in the store.
   */
  async give(piece: number, start: number, end: number): Promise<readonly Uint8Array[] | undefined> {
    let at = 0;
    const loose = this.#takeLoose(piece)?.map((part) => {
      at += part.byteLength;
      const from = at - part.byteLength;
      return part.subarray(Math.max(0, start - from), Math.max(0, end - from));
    });
    if (loose) return loose.filter(({ byteLength }) => byteLength > 0);
    const bytes = await this.read(piece);
    return bytes && [bytes.slice(start, end)];
  }

  #loosen(piece: number, parts: readonly Uint8Array[]): void {
    this.#takeLoose(piece);
    this.#loose.set(piece, parts);
    this.#looseBytes += lengthOf(parts);
    for (const oldest of this.#loose.keys()) {
      if (this.#looseBytes <= LOOSE_BYTES) break;
      this.#takeLoose(oldest);
    }
  }

  #takeLoose(piece: number): readonly Uint8Array[] | undefined {
    const parts = this.#loose.get(piece);
    this.#loose.delete(piece);
    this.#looseBytes -= lengthOf(parts ?? []);
    return parts;
  }

  /** What a live content forgot: the lowest numbers came first. */
  #forget(): void {
    const { first } = this.#geometry;
    for (const known of [this.#names, this.#trusted])
      for (const piece of known.keys()) {
        if (piece >= first) break;
        known.delete(piece);
      }
  }

  async #matches(piece: number, bytes: Uint8Array): Promise<boolean> {
    if (bytes.byteLength !== this.#geometry.place(piece).length) return false;
    const expected = this.#geometry.hash(piece);
    return equalBytes(await this.#hasher(bytes), expected);
  }

  /** Asked for several times a piece. */
  #hash(piece: number): string {
    let name = this.#names.get(piece);
    if (name === undefined) {
      name = toHex(this.#geometry.hash(piece));
      this.#names.set(piece, name);
    }
    return name;
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
