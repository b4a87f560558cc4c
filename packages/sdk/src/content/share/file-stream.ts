import { KIB, MIB } from "../../base/bytes.ts";

/** One file of a share. */
export interface SharedFile {
  /** Names joined by `/`, never absolute; the same characters that the sender's file system has. */
  readonly path: string;
  readonly sizeBytes: number;
  /** When it was last changed, ms since 1970; undefined: not known. */
  readonly modifiedAt?: number | undefined;
}

/** Bytes [from, to) of one file. */
export interface FileSpan {
  /** Its place in the list of files. */
  readonly file: number;
  readonly from: number;
  readonly to: number;
}

/** Up to so many pieces their length stays as it is; then it doubles. */
const FEW_PIECES = 256;
const MANY_PIECES = 4096;
const SHORTEST_BYTES = 64 * KIB;
/** A longer piece is only chosen where there would be very many: each is held in memory until it is checked. */
const LONG_BYTES = 1 * MIB;
const LONGEST_BYTES = 4 * MIB;

/** The piece length of a share of so many bytes: a power of two. */
export function sharePieceBytes(totalBytes: number): number {
  let length = SHORTEST_BYTES;
  while (length < LONG_BYTES && totalBytes > length * FEW_PIECES) length *= 2;
  while (length < LONGEST_BYTES && totalBytes > length * MANY_PIECES) length *= 2;
  return length;
}

/**
 * The files of a share as one stream of bytes, one after the other in the order of the list: pieces are cut from that, so
 * that ten thousand small files are no more pieces than one large one.
 */
export class FileStream {
  readonly files: readonly SharedFile[];
  readonly totalBytes: number;
  readonly pieceBytes: number;
  readonly pieceCount: number;
  /** Where each file begins in the stream, and at last its end. */
  readonly #starts: Float64Array;

  constructor(files: readonly SharedFile[], pieceBytes?: number) {
    this.files = files;
    this.#starts = new Float64Array(files.length + 1);
    let at = 0;
    files.forEach(({ sizeBytes }, index) => {
      this.#starts[index] = at;
      at += sizeBytes;
    });
    this.#starts[files.length] = at;
    this.totalBytes = at;
    this.pieceBytes = pieceBytes ?? sharePieceBytes(at);
    this.pieceCount = Math.ceil(at / this.pieceBytes);
  }

  /** Where a file begins in the stream, bytes. */
  startOf(file: number): number {
    return this.#starts[file] as number;
  }

  /** Bytes [start, end) of the stream that a piece is. */
  bytesOf(piece: number): { readonly start: number; readonly end: number } {
    const start = piece * this.pieceBytes;
    return { start, end: Math.min(this.totalBytes, start + this.pieceBytes) };
  }

  /** The length of a piece, bytes. */
  lengthOf(piece: number): number {
    const { start, end } = this.bytesOf(piece);
    return end - start;
  }

  /** The pieces that hold bytes of a file, as [first, end); none of an empty one. */
  piecesOf(file: number): { readonly first: number; readonly end: number } {
    const start = this.startOf(file);
    const end = this.startOf(file + 1);
    const first = Math.floor(start / this.pieceBytes);
    return { first, end: end === start ? first : Math.ceil(end / this.pieceBytes) };
  }

  /** What lies between two places of the stream, in order; empty files have no part in it. */
  spans(start: number, end: number): FileSpan[] {
    const spans: FileSpan[] = [];
    for (let file = this.#fileAt(start); file < this.files.length; file++) {
      const begins = this.startOf(file);
      if (begins >= end) break;
      const from = Math.max(0, start - begins);
      const to = Math.min(this.startOf(file + 1), end) - begins;
      if (to > from) spans.push({ file, from, to });
    }
    return spans;
  }

  /** The first file that ends after this place. */
  #fileAt(place: number): number {
    let low = 0;
    let high = this.files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle + 1] as number) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
