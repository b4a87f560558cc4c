import { KIB, MIB } from "../base/bytes.ts";
import { MAX_CHUNK_BYTES } from "../protocol/limits.ts";

export { MAX_PIECES } from "../protocol/limits.ts";

/** The unit of request: what one data-channel message carries, besides its header. */
export const CHUNK_BYTES = MAX_CHUNK_BYTES;
export const HASH_BYTES = 32;

/** A piece is the unit of verification: a power of two in these bounds, growing with the resource. */
export const MIN_PIECE_BYTES = 64 * KIB;
export const MAX_PIECE_BYTES = 4 * MIB;

/** Bounds that a manifest is held to before anything is allocated for it. */
export const MAX_MANIFEST_BYTES = 64 * MIB;
export const MAX_RESOURCES = 100_000;
export const MAX_PATH_LENGTH = 2048;
