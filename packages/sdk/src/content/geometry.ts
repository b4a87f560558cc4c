import type { PieceRun } from "../protocol/piece-run.ts";
import { Bitfield } from "./bitfield.ts";
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

/**
 * The arithmetic of one content: which piece covers which bytes. That of a live content grows at its end and forgets its
 * beginning; a resource keeps its index, and a piece its number.
 */
export class Geometry {
  readonly live: boolean;
  /** True of a content of which nobody has told us yet what it is: only its id is known. */
  readonly awaited: boolean;
  readonly #resources: Resource[] = [];
  readonly #firstPiece: number[] = [];
  /** How many resources were forgotten: the index of the first that is known. */
  #forgotten = 0;
  #end = 0;
  /** Where `#search` found the last piece. */
  #found = 0;

  /** Without a manifest it is an awaited one. */
  constructor(manifest?: Manifest) {
    this.awaited = !manifest;
    this.live = manifest?.live !== undefined;
    this.#append(manifest?.resources ?? []);
  }

  /** The first piece that is known; later than 0 only in a live content. */
  get first(): number {
    return this.#firstPiece[0] ?? this.#end;
  }

  /** The piece after the last. */
  get end(): number {
    return this.#end;
  }

  /** From the first piece to the last; in a live content some in between may belong to nothing. */
  get pieceCount(): number {
    return this.#end - this.first;
  }

  /** The length of most pieces now, bytes: that of the newest resource's. */
  get pieceBytes(): number {
    return this.#resources.at(-1)?.pieceBytes ?? 0;
  }

  /** A bitfield for this content in which nothing is had. */
  noPieces(): Bitfield {
    const first = this.first - (this.first % 8);
    // Of what is awaited as of a live content, having nothing is not having all.
    return this.live || this.awaited
      ? new Bitfield(this.#end - first, { first })
      : new Bitfield(this.pieceCount);
  }

  /** True for a bitfield of this content. One that counts other pieces than we do counts for nothing. */
  fits(have: Bitfield): boolean {
    // Of what is awaited, anything may be said.
    if (this.awaited) return true;
    return this.live ? have.growing : !have.growing && have.length === this.pieceCount;
  }

  /** The indices of all resources that are known, as [first, end). */
  get indices(): { readonly first: number; readonly end: number } {
    return { first: this.#forgotten, end: this.#forgotten + this.#resources.length };
  }

  /** Takes in what is new in a later state of a live manifest; returns the piece that the new ones begin at. */
  grow(manifest: Manifest): number {
    const before = this.#end;
    const isNew = (resource: Resource) => (resource.firstPiece ?? 0) >= before && pieceCount(resource) > 0;
    this.#append(manifest.resources.filter(isNew));
    return before;
  }

  /** Forgets the resources of a live content whose pieces are all before this one. */
  forget(piece: number): void {
    let count = 0;
    while (count < this.#resources.length && this.#endOf(count) <= piece) count++;
    this.#resources.splice(0, count);
    this.#firstPiece.splice(0, count);
    this.#forgotten += count;
  }

  /** False for one that was forgotten. */
  knows(resource: number): boolean {
    return this.#resources[resource - this.#forgotten] !== undefined;
  }

  /** Throws a RangeError for one that is not there, or was forgotten. */
  resource(index: number): Resource {
    const resource = this.#resources[index - this.#forgotten];
    if (!resource) throw new RangeError(`There is no resource ${index}.`);
    return resource;
  }

  /** All pieces of a resource; `count` is 0 for an empty one. */
  piecesOf(resource: number): PieceRun {
    return { first: this.#firstOf(resource), count: pieceCount(this.resource(resource)) };
  }

  /** The pieces that touch bytes [start, end) of a resource; what lies past its end touches none. */
  piecesIn(resource: number, start: number, end: number): PieceRun {
    const { pieceBytes, sizeBytes } = this.resource(resource);
    const stop = Math.min(end, sizeBytes);
    const first = Math.floor(start / pieceBytes);
    const count = stop <= start ? 0 : Math.ceil(stop / pieceBytes) - first;
    return { first: this.#firstOf(resource) + first, count };
  }

  place(piece: number): PiecePlace {
    const resource = this.resourceOf(piece);
    const { pieceBytes, sizeBytes } = this.resource(resource);
    const offset = (piece - this.#firstOf(resource)) * pieceBytes;
    return { resource, offset, length: Math.min(pieceBytes, sizeBytes - offset) };
  }

  /** The length of a piece, bytes. */
  length(piece: number): number {
    return this.place(piece).length;
  }

  /** False for one that is not known yet, or was forgotten. */
  has(piece: number): boolean {
    return this.#covers(this.#search(piece), piece);
  }

  resourceOf(piece: number): number {
    const at = this.#search(piece);
    if (!this.#covers(at, piece)) throw new RangeError(`There is no piece ${piece}.`);
    return this.#forgotten + at;
  }

  /** The SHA-256 that the piece's bytes must have, 32 bytes. */
  hash(piece: number): Uint8Array {
    const resource = this.resourceOf(piece);
    const at = (piece - this.#firstOf(resource)) * HASH_BYTES;
    return this.resource(resource).hashes.subarray(at, at + HASH_BYTES);
  }

  #append(resources: readonly Resource[]): void {
    for (const resource of resources) {
      const first = resource.firstPiece ?? this.#end;
      this.#resources.push(resource);
      this.#firstPiece.push(first);
      this.#end = first + pieceCount(resource);
    }
  }

  #covers(at: number, piece: number): boolean {
    return piece >= (this.#firstPiece[at] ?? Number.POSITIVE_INFINITY) && piece < this.#endOf(at);
  }

  #firstOf(resource: number): number {
    return this.#firstPiece[resource - this.#forgotten] ?? 0;
  }

  /** The piece after the last of the resource at this place of the list. */
  #endOf(at: number): number {
    const resource = this.#resources[at];
    return resource ? (this.#firstPiece[at] as number) + pieceCount(resource) : 0;
  }

  /** The place of the last resource that begins at this piece or before it. Mostly it is the one that was asked for last. */
  #search(piece: number): number {
    const found = this.#found;
    if (piece >= (this.#firstPiece[found] as number) && !(piece >= (this.#firstPiece[found + 1] as number)))
      return found;
    this.#found = this.#searchAll(piece);
    return this.#found;
  }

  #searchAll(piece: number): number {
    let low = 0;
    let high = this.#firstPiece.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firstPiece[middle] as number) <= piece) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
