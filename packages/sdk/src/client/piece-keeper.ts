import { concatBytes, equalBytes, toHex } from "../base/bytes.ts";
import type { Geometry } from "../content/geometry.ts";
import type { Hasher, PieceStore } from "../engine/ports.ts";
import type { Payload } from "../protocol/payload.ts";

/**
 * Pieces between the engine and the store. Nothing leaves here unverified: what comes from the network is hashed
 * before it is stored, what an earlier visit stored is hashed when it is first read.
 */
export class PieceKeeper {
  readonly #geometry: Geometry;
  readonly #store: PieceStore;
  readonly #hasher: Hasher;
  readonly #trusted = new Set<number>();
  /** Bytes that the store has not confirmed yet. */
  readonly #settling = new Map<number, Uint8Array>();

  constructor(parts: { readonly geometry: Geometry; readonly store: PieceStore; readonly hasher: Hasher }) {
    this.#geometry = parts.geometry;
    this.#store = parts.store;
    this.#hasher = parts.hasher;
  }

  /** The pieces that an earlier visit stored. */
  async stored(): Promise<number[]> {
    const hashes = Array.from({ length: this.#geometry.pieceCount }, (_, piece) => this.#hash(piece));
    const present = await this.#store.present(hashes);
    return hashes.flatMap((hash, piece) => (present.has(hash) ? [piece] : []));
  }

  /** The whole piece when its parts are what the manifest says, else undefined. */
  async verify(piece: number, parts: readonly Payload[]): Promise<Uint8Array | undefined> {
    const bytes = parts.filter((part): part is Uint8Array => part instanceof Uint8Array);
    const [only] = bytes;
    const whole = bytes.length === 1 && only ? only : concatBytes(bytes);
    return (await this.#matches(piece, whole)) ? whole : undefined;
  }

  /** Keeps a verified piece; it can be read at once. */
  keep(piece: number, bytes: Uint8Array): void {
    this.#trusted.add(piece);
    this.#settling.set(piece, bytes);
    const settled = () => {
      if (this.#settling.get(piece) === bytes) this.#settling.delete(piece);
    };
    this.#store.put(this.#hash(piece), bytes).then(settled, settled);
  }

  /** The piece, verified; undefined when it is gone, or was damaged in the store. The caller must not change it. */
  async read(piece: number): Promise<Uint8Array | undefined> {
    const settling = this.#settling.get(piece);
    if (settling) return settling;
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

  async #matches(piece: number, bytes: Uint8Array): Promise<boolean> {
    if (bytes.byteLength !== this.#geometry.place(piece).length) return false;
    return equalBytes(await this.#hasher(bytes), this.#geometry.hash(piece));
  }

  #hash(piece: number): string {
    return toHex(this.#geometry.hash(piece));
  }
}
