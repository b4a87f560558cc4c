import type { PieceRun } from "../protocol/piece-run.ts";
import { HASH_BYTES } from "./limits.ts";
import type { Manifest, Resource } from "./manifest.ts";
import { pieceCount } from "./manifest.ts";

/** Where a piece lies: pieces are numbered through the whole content, and none spans two resources. */
export interface PiecePlace {
  readonly resource: number;
  /** First byte within the resource. */
  readonly offset: number;
  readonly length: number;
}

/** The arithmetic of one content: which piece covers which bytes. */
export class Geometry {
  readonly manifest: Manifest;
  readonly pieceCount: number;
  readonly #firstPiece: number[] = [];

  constructor(manifest: Manifest) {
    this.manifest = manifest;
    let pieces = 0;
    for (const resource of manifest.resources) {
      this.#firstPiece.push(pieces);
      pieces += pieceCount(resource);
    }
    this.pieceCount = pieces;
  }

  resource(index: number): Resource {
    const resource = this.manifest.resources[index];
    if (!resource) throw new RangeError(`There is no resource ${index}.`);
    return resource;
  }

  /** All pieces of a resource; `count` is 0 for an empty one. */
  piecesOf(resource: number): PieceRun {
    return { first: this.#firstPiece[resource] ?? 0, count: pieceCount(this.resource(resource)) };
  }

  /** The pieces that touch bytes [start, end) of a resource; what lies past its end touches none. */
  piecesIn(resource: number, start: number, end: number): PieceRun {
    const { pieceBytes, sizeBytes } = this.resource(resource);
    const stop = Math.min(end, sizeBytes);
    const first = Math.floor(start / pieceBytes);
    const count = stop <= start ? 0 : Math.ceil(stop / pieceBytes) - first;
    return { first: (this.#firstPiece[resource] ?? 0) + first, count };
  }

  place(piece: number): PiecePlace {
    const resource = this.resourceOf(piece);
    const { pieceBytes, sizeBytes } = this.resource(resource);
    const offset = (piece - (this.#firstPiece[resource] as number)) * pieceBytes;
    return { resource, offset, length: Math.min(pieceBytes, sizeBytes - offset) };
  }

  /** The length of a piece, bytes. */
  length(piece: number): number {
    return this.place(piece).length;
  }

  resourceOf(piece: number): number {
    if (piece < 0 || piece >= this.pieceCount) throw new RangeError(`There is no piece ${piece}.`);
    let low = 0;
    let high = this.#firstPiece.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firstPiece[middle] as number) <= piece) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The SHA-256 that the piece's bytes must have, 32 bytes. */
  hash(piece: number): Uint8Array {
    const resource = this.resourceOf(piece);
    const at = (piece - (this.#firstPiece[resource] as number)) * HASH_BYTES;
    return this.resource(resource).hashes.subarray(at, at + HASH_BYTES);
  }
}
