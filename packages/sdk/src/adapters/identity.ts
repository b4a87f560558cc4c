import { toHex } from "../base/bytes.ts";
import { PEER_ID_BYTES, type PeerId, parsePeerId } from "../base/ids.ts";
import type { Hasher } from "../engine/ports.ts";

const SECRET_BYTES = 32;

export interface Identity {
  /** The head of SHA-256 of the secret's bytes: only who knows the secret can claim it. */
  readonly peer: PeerId;
  /** 64 lower-case hex digits, for the tracker alone. */
  readonly secret: string;
}

/** Who this peer is for one visit. Kept nowhere, so that nobody is recognised on their next one. */
export async function createIdentity(
  hasher: Hasher,
  randomBytes: (length: number) => Uint8Array,
): Promise<Identity> {
  const secret = randomBytes(SECRET_BYTES);
  const digest = await hasher(secret);
  return { peer: parsePeerId(toHex(digest.subarray(0, PEER_ID_BYTES))), secret: toHex(secret) };
}
