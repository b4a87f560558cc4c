import type { FileStream } from "../../content/share/file-stream.ts";

/** How much of each file is there, piece by piece. */
export class ShareTally {
  readonly #stream: FileStream;
  readonly #pieces: Uint8Array;
  readonly #fileBytes: Float64Array;
  #doneBytes = 0;

  constructor(stream: FileStream) {
    this.#stream = stream;
    this.#pieces = new Uint8Array(stream.pieceCount);
    this.#fileBytes = new Float64Array(stream.files.length);
  }

  get doneBytes(): number {
    return this.#doneBytes;
  }

  get fileDoneBytes(): readonly number[] {
    return Array.from(this.#fileBytes);
  }

  get complete(): boolean {
    return this.#doneBytes === this.#stream.totalBytes;
  }

  has(piece: number): boolean {
    return this.#pieces[piece] === 1;
  }

  /** True for a file of which everything is there. */
  isWhole(file: number): boolean {
    return this.#fileBytes[file] === this.#stream.files[file]?.sizeBytes;
  }

  /** A piece is there; returns the files that are whole with it. */
  add(piece: number): number[] {
    if (this.has(piece)) return [];
    this.#pieces[piece] = 1;
    return this.#count(piece, 1).filter((file) => this.isWhole(file));
  }

  /** A piece is there no more. */
  remove(piece: number): void {
    if (!this.has(piece)) return;
    this.#pieces[piece] = 0;
    this.#count(piece, -1);
  }

  #count(piece: number, by: 1 | -1): number[] {
    const { start, end } = this.#stream.bytesOf(piece);
    this.#doneBytes += by * (end - start);
    return this.#stream.spans(start, end).map(({ file, from, to }) => {
      this.#fileBytes[file] = (this.#fileBytes[file] ?? 0) + by * (to - from);
      return file;
    });
  }
}
