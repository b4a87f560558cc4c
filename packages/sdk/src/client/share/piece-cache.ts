/** Pieces that were read lately: a peer asks for a piece chunk by chunk, and others for the same soon after. */
export class PieceCache {
  readonly #mostBytes: number;
  readonly #pieces = new Map<number, Uint8Array>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get(piece: number): Uint8Array | undefined {
    const known = this.#pieces.get(piece);
    if (!known) return undefined;
    // The least recently used goes first.
    this.#pieces.delete(piece);
    this.#pieces.set(piece, known);
    return known;
  }

  add(piece: number, bytes: Uint8Array): void {
    this.#remove(piece);
    this.#pieces.set(piece, bytes);
    this.#bytes += bytes.byteLength;
    for (const oldest of this.#pieces.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#remove(oldest);
    }
  }

  #remove(piece: number): void {
    this.#bytes -= this.#pieces.get(piece)?.byteLength ?? 0;
    this.#pieces.delete(piece);
  }
}
