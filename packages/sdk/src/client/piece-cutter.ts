import type { Geometry } from "../content/geometry.ts";
import type { PieceRun } from "../protocol/piece-run.ts";

/** Cuts a stream of bytes, which starts at a piece's first byte, into pieces. */
export class PieceCutter {
  readonly #geometry: Geometry;
  readonly #onPiece: (piece: number, bytes: Uint8Array) => void;
  #next: number;
  #end: number;
  #filling: Uint8Array | undefined;
  #filled = 0;

  constructor(geometry: Geometry, run: PieceRun, onPiece: (piece: number, bytes: Uint8Array) => void) {
    this.#geometry = geometry;
    this.#onPiece = onPiece;
    this.#next = run.first;
    this.#end = run.first + run.count;
  }

  get done(): boolean {
    return this.#next >= this.#end;
  }

  /** The stream starts elsewhere than was thought; nothing may have been pushed yet. */
  restart(run: PieceRun): void {
    this.#next = run.first;
    this.#end = run.first + run.count;
  }

  /** Bytes beyond the last piece are ignored. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.byteLength && !this.done) {
      this.#filling ??= new Uint8Array(this.#geometry.place(this.#next).length);
      const part = bytes.subarray(at, at + this.#filling.byteLength - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#filled += part.byteLength;
      at += part.byteLength;
      if (this.#filled < this.#filling.byteLength) return;
      const full = this.#filling;
      this.#filling = undefined;
      this.#filled = 0;
      this.#onPiece(this.#next++, full);
    }
  }
}
