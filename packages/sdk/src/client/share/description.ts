import { type CheckSignature, importShareKey, type ShareSigner } from "../../adapters/share/share-keys.ts";
import { concatBytes, fromHex } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { ContentId } from "../../base/ids.ts";
import { HASH_BYTES } from "../../content/limits.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import { readListing, writeListing } from "../../content/share/listing.ts";
import {
  MAX_HASHES_PER_MESSAGE,
  MAX_LISTING_BYTES,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
} from "../../protocol/share/limits.ts";
import { type SignedHashes, uint32 } from "../../protocol/share/share-message.ts";

const context = (name: string) => new TextEncoder().encode(`rivulet share ${name} 1\n`);
const LISTING_CONTEXT = context("listing");
const HASHES_CONTEXT = context("hashes");
const HEAD_BYTES = PUBLIC_KEY_BYTES + SIGNATURE_BYTES;

/**
 * What is shared, as its sender signed it: the list of files, and the hashes of the pieces from the first on, as far as they
 * are known. Whoever has it can pass it on; nobody but the sender can make one.
 */
export class Description {
  readonly #content: ContentId;
  readonly #keyPrint: Uint8Array;
  #check: CheckSignature | undefined;
  #listing: Uint8Array | undefined;
  #stream: FileStream | undefined;
  readonly #signed: SignedHashes[] = [];
  #hashes = new Uint8Array(0);
  #hashedPieces = 0;
  #waiting: { readonly pieces: number; readonly resolve: () => void }[] = [];

  constructor(content: ContentId, keyPrint: Uint8Array) {
    this.#content = content;
    this.#keyPrint = keyPrint;
  }

  /** The files; undefined until the listing is known. */
  get stream(): FileStream | undefined {
    return this.#stream;
  }

  /** The listing as it is passed on: the sender's public key, its signature, and the list. */
  get listing(): Uint8Array | undefined {
    return this.#listing;
  }

  /** The hashes of so many pieces are known, from the first on. */
  get hashedPieces(): number {
    return this.#hashedPieces;
  }

  /** True when nothing more is to be learned. */
  get complete(): boolean {
    return this.#stream !== undefined && this.#hashedPieces === this.#stream.pieceCount;
  }

  /** What was signed together, in order. */
  get signed(): readonly SignedHashes[] {
    return this.#signed;
  }

  /** The SHA-256 of a piece, 32 bytes; undefined while it is not known. */
  hash(piece: number): Uint8Array | undefined {
    if (piece >= this.#hashedPieces) return undefined;
    return this.#hashes.subarray(piece * HASH_BYTES, (piece + 1) * HASH_BYTES);
  }

  /** Settles when the hashes of the first so many pieces are known, which may be never. */
  hashed(pieces: number): Promise<void> {
    if (pieces <= this.#hashedPieces) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ pieces, resolve }));
  }

  /** The sender's own: makes the listing. */
  async describe(stream: FileStream, signer: ShareSigner): Promise<void> {
    const list = writeListing(stream);
    if (list.byteLength + HEAD_BYTES > MAX_LISTING_BYTES)
      throw new RivuletError("share-malformed", "The list of shared files is too long; send fewer.");
    const signature = await signer.sign(this.#listingMessage(list));
    await this.takeListing(concatBytes([signer.publicKey, signature, list]));
  }

  /** The sender's own: the hashes of the next pieces. Returns what may be passed on of them. */
  async append(hashes: Uint8Array, signer: ShareSigner): Promise<readonly SignedHashes[]> {
    const added: SignedHashes[] = [];
    const most = MAX_HASHES_PER_MESSAGE * HASH_BYTES;
    for (let at = 0; at < hashes.byteLength; at += most) {
      const first = this.#hashedPieces;
      const some = hashes.slice(at, at + most);
      const signed = { first, hashes: some, signature: await signer.sign(this.#hashesMessage(first, some)) };
      this.#keep(signed);
      added.push(signed);
    }
    return added;
  }

  /**
   * Takes in a listing that somebody passed on.
   * @throws RivuletError `share-malformed`, `peer-untrusted` when it is not the sender's.
   */
  async takeListing(listing: Uint8Array): Promise<FileStream> {
    if (this.#stream) return this.#stream;
    const publicKey = listing.subarray(0, PUBLIC_KEY_BYTES);
    const check = await importShareKey(publicKey, this.#keyPrint);
    const list = listing.subarray(HEAD_BYTES);
    const signature = listing.subarray(PUBLIC_KEY_BYTES, HEAD_BYTES);
    if (!(await check?.(this.#listingMessage(list), signature))) throw forged("list of files");
    const stream = readListing(list);
    this.#check = check;
    this.#listing = listing.slice();
    this.#stream = stream;
    this.#hashes = new Uint8Array(stream.pieceCount * HASH_BYTES);
    return stream;
  }

  /**
   * Takes in hashes that somebody passed on, once the listing is known; false when they are known already, or do not follow
   * those that are.
   * @throws RivuletError `peer-untrusted` when they are not the sender's.
   */
  async takeHashes({ first, signature, hashes }: SignedHashes): Promise<boolean> {
    if (first !== this.#hashedPieces) return false;
    if (!(await this.#check?.(this.#hashesMessage(first, hashes), signature))) throw forged("hashes");
    if (first !== this.#hashedPieces) return false;
    if (first * HASH_BYTES + hashes.byteLength > this.#hashes.byteLength) throw forged("hashes");
    this.#keep({ first, signature: signature.slice(), hashes: hashes.slice() });
    return true;
  }

  #keep(signed: SignedHashes): void {
    this.#hashes.set(signed.hashes, signed.first * HASH_BYTES);
    this.#signed.push(signed);
    this.#hashedPieces += signed.hashes.byteLength / HASH_BYTES;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ pieces }) => pieces > this.#hashedPieces);
    for (const { pieces, resolve } of waiting) if (pieces <= this.#hashedPieces) resolve();
  }

  #listingMessage(list: Uint8Array): Uint8Array {
    return concatBytes([LISTING_CONTEXT, fromHex(this.#content), list]);
  }

  #hashesMessage(first: number, hashes: Uint8Array): Uint8Array {
    return concatBytes([HASHES_CONTEXT, fromHex(this.#content), uint32(first), hashes]);
  }
}

function forged(what: string): RivuletError {
  return new RivuletError("peer-untrusted", `Somebody passed on a ${what} that the sender did not sign.`);
}
