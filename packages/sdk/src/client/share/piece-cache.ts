/** Pieces that were read or came lately: a peer asks for a piece chunk by chunk, and others for the same soon after. */
export class PieceCache {
  readonly #mostBytes: number;
  readonly #pieces = new Map<number, Uint8Array>();
  readonly #loading = new Map<number, Promise<Uint8Array | undefined>>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The piece, loaded once however many ask for it meanwhile. */
  async get(piece: number, load: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    const known = this.#pieces.get(piece);
    if (known) {
      // The least recently used goes first.
      this.#pieces.delete(piece);
      this.#pieces.set(piece, known);
      return known;
    }
    let loading = this.#loading.get(piece);
    if (!loading) {
      loading = load().finally(() => this.#loading.delete(piece));
      this.#loading.set(piece, loading);
      const bytes = await loading;
      if (bytes) this.add(piece, bytes);
      return bytes;
    }
    return loading;
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
