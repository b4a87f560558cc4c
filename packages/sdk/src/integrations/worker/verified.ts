import { equalBytes, toHex } from "../../base/bytes.ts";
import { HASH_BYTES } from "../../content/limits.ts";
import type { Listed } from "./catalogues.ts";

/** The SHA-256 that a piece of a resource must have. */
export function hashOf({ hashes }: Listed, piece: number): Uint8Array {
  return hashes.subarray(piece * HASH_BYTES, (piece + 1) * HASH_BYTES);
}

/** The name of a piece in the store. */
export function nameOf(listed: Listed, piece: number): string {
  return toHex(hashOf(listed, piece));
}

/** True when these are the bytes of the piece. */
export async function isRight(listed: Listed, piece: number, bytes: Uint8Array): Promise<boolean> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return equalBytes(new Uint8Array(digest), hashOf(listed, piece));
}
