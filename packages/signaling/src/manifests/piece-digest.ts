import { createHash, type Hash } from "node:crypto";
import { MIN_PIECE_BYTES, merkleRoot, pieceBytesFor, type Resource } from "@rivulet/sdk/content";

/** What a manifest says of a resource's bytes; where it lies is for whoever lists it. */
export type Digest = Pick<Resource, "sizeBytes" | "pieceBytes" | "root" | "hashes">;

/** Hashes a resource's pieces as its bytes come in, and holds none of them. */
export class PieceDigest {
  readonly #pieceBytes: number;
  readonly #hashes: Buffer[] = [];
  #sizeBytes = 0;
  #piece: Hash = createHash("sha256");
  #filled = 0;

  /** `sizeBytes`: as the origin announced it. When it did not, pieces are of the smallest length. */
  constructor(sizeBytes: number | undefined) {
    this.#pieceBytes = sizeBytes === undefined ? MIN_PIECE_BYTES : pieceBytesFor(sizeBytes);
  }

  write(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.byteLength;
    for (let at = 0; at < chunk.byteLength; ) {
      const end = Math.min(chunk.byteLength, at + this.#pieceBytes - this.#filled);
      this.#piece.update(chunk.subarray(at, end));
      this.#filled += end - at;
      at = end;
      if (this.#filled === this.#pieceBytes) this.#endPiece();
    }
  }

  /** To be called once, after the last byte. */
  async finish(): Promise<Digest> {
    if (this.#filled > 0) this.#endPiece();
    const hashes = new Uint8Array(Buffer.concat(this.#hashes));
    const root = await merkleRoot(hashes, sha256);
    return { sizeBytes: this.#sizeBytes, pieceBytes: this.#pieceBytes, root, hashes };
  }

  #endPiece(): void {
    this.#hashes.push(this.#piece.digest());
    this.#piece = createHash("sha256");
    this.#filled = 0;
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
