import { KIB } from "../base/bytes.ts";

export const PROTOCOL_VERSION = 2;

/** What one request may ask for, in bytes; what one chunk frame carries at most. */
export const MAX_CHUNK_BYTES = 64 * KIB;
/** No frame is longer: the largest payload and its header, rounded up. A longer one is refused before it is read. */
export const MAX_FRAME_BYTES = MAX_CHUNK_BYTES + 64;
/** Pieces in one have frame. */
export const MAX_HAVE_PIECES = 1024;
/** Pieces in one suggest frame. */
export const MAX_SUGGESTED_PIECES = 256;
/** Runs of pieces in one interested frame. */
export const MAX_INTEREST_RUNS = 256;
/** Runs of pieces in one fetching frame. */
export const MAX_FETCHING_RUNS = 16;
/** Pieces of one content: as many as the bits of one open frame can speak of. */
export const MAX_PIECES = 8 * MAX_CHUNK_BYTES;
/** Pieces of a live content that are known of at once; what is older is forgotten. */
export const MAX_LIVE_PIECES = 8192;
/** Peers that one peers frame adds, and that it drops (BEP 11). */
export const MAX_EXCHANGED_PEERS = 50;
/** The signal of one relayed introduction, as JSON in UTF-8. */
export const MAX_INTRODUCTION_BYTES = 16 * KIB;
/** Entries of one roster frame: the members of a duty committee and the next in rank. */
export const MAX_ROSTER_ENTRIES = 24;
