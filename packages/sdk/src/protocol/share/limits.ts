import { KIB, MIB } from "../../base/bytes.ts";

export const SHARE_VERSION = 1;
export const NONCE_BYTES = 32;
/** HMAC-SHA-256. */
export const MAC_BYTES = 32;
/** ECDSA with P-256: r and s, 32 bytes each (IEEE P1363). */
export const SIGNATURE_BYTES = 64;
/** An uncompressed point of P-256. */
export const PUBLIC_KEY_BYTES = 65;

/** Bytes of the listing in one message. */
export const MAX_LISTING_PART_BYTES = 48 * KIB;
/** A listing with its key and signature; checked before anything is allocated for it. */
export const MAX_LISTING_BYTES = 32 * MIB;
/** Piece hashes that are signed together, and sent in one message. */
export const MAX_HASHES_PER_MESSAGE = 1024;
