import { concatBytes } from "../base/bytes.ts";
import { HASH_BYTES } from "./limits.ts";

/** SHA-256: 32 bytes from any number of bytes. */
export type Sha256 = (bytes: Uint8Array) => Promise<Uint8Array>;

/**
 * Root of the binary SHA-256 tree over piece hashes. A row of odd length is padded with a zero hash, as BEP 52 pads
 * its piece layers; no hashes at all give the zero hash, one hash is its own root.
 */
export async function merkleRoot(hashes: Uint8Array, sha256: Sha256): Promise<Uint8Array> {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.byteLength; at += HASH_BYTES) row.push(hashes.subarray(at, at + HASH_BYTES));
  if (row.length === 0) return new Uint8Array(HASH_BYTES);
  let padding: Uint8Array = new Uint8Array(HASH_BYTES);
  while (row.length > 1) {
    const above: Promise<Uint8Array>[] = [];
    for (let i = 0; i < row.length; i += 2)
      above.push(sha256(concatBytes([row[i] as Uint8Array, row[i + 1] ?? padding])));
    above.push(sha256(concatBytes([padding, padding])));
    // At once: each digest is a trip to another thread.
    row = await Promise.all(above);
    padding = row.pop() as Uint8Array;
  }
  return row[0] as Uint8Array;
}
