import type { Input } from "../engine/io.ts";
import type { Catalog } from "./catalog.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { Statistics } from "./statistics.ts";

/** Verified bytes of a resource, from byte `offset` on. Whoever gets them must not change them. */
export interface Unsaved {
  readonly url: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Bytes of listed resources that come or go past the engine: by the network, a Service Worker, or another tab. */
export class Adoption {
  readonly #catalog: Catalog;
  readonly #keeper: PieceKeeper;
  readonly #statistics: Statistics;
  readonly #input: (input: Input) => void;
  readonly #has: (piece: number) => boolean;
  readonly #find: (url: string) => number | undefined;

  constructor(parts: {
    readonly catalog: Catalog;
    readonly keeper: PieceKeeper;
    readonly statistics: Statistics;
    readonly input: (input: Input) => void;
    readonly has: (piece: number) => boolean;
    /** The resource that the manifest lists under a URL. */
    readonly find: (url: string) => number | undefined;
  }) {
    this.#catalog = parts.catalog;
    this.#keeper = parts.keeper;
    this.#statistics = parts.statistics;
    this.#input = parts.input;
    this.#has = parts.has;
    this.#find = parts.find;
  }

  /** Takes in the whole pieces among these bytes that are right and not had yet; returns how many bytes that were. */
  async adopt(url: string, bytes: Uint8Array, offset: number): Promise<number> {
    const { geometry, content } = this.#catalog;
    const resource = this.#find(url);
    if (resource === undefined || !(await this.#catalog.sound(resource))) return 0;
    let adoptedBytes = 0;
    for (const piece of this.#piecesIn(resource, offset, offset + bytes.byteLength)) {
      // A live stream may have gone on.
      if (!geometry.has(piece) || this.#has(piece)) continue;
      const place = geometry.place(piece);
      const at = place.offset - offset;
      if (at < 0 || at + place.length > bytes.byteLength) continue;
      // A copy: the bytes are the caller's, who may change them while they are being hashed.
      const data = await this.#keeper.verify(piece, [bytes.slice(at, at + place.length)]);
      if (!data || this.#has(piece)) continue;
      this.#input({ type: "found", content, piece, data });
      // Nothing is taken in any more once the page has called `destroy`.
      if (!this.#has(piece)) break;
      adoptedBytes += place.length;
      await this.#keeper.room();
    }
    return adoptedBytes;
  }

  /** Verified pieces that the store has not confirmed yet. */
  unsaved(): Unsaved[] {
    const { geometry } = this.#catalog;
    return Array.from(this.#keeper.unsaved, ([piece, bytes]) => ({ piece, bytes }))
      .filter(({ piece }) => geometry.has(piece))
      .map(({ piece, bytes }) => {
        const { resource, offset } = geometry.place(piece);
        return { url: this.#catalog.listedUrl(resource), offset, bytes };
      });
  }

  /** Bytes [start, end) of a resource were given to a page by somebody else, who read them from the store or the origin. */
  used(url: string, start: number, end: number, from: "store" | "origin"): void {
    const resource = this.#find(url);
    if (resource === undefined) return;
    this.#statistics.delivered({ resource, bytes: end - start, source: { from } });
    if (from === "store") this.#keeper.used(this.#piecesIn(resource, start, end));
  }

  #piecesIn(resource: number, start: number, end: number): number[] {
    const { first, count } = this.#catalog.geometry.piecesIn(resource, Math.max(0, start), end);
    return Array.from({ length: count }, (_, at) => first + at);
  }
}
