import { KIB } from "../../base/bytes.ts";

/** Version of the conversation between a peer and a signaling server; independent of the peers' frames. */
export const SIGNAL_VERSION = 1;

/** One message as UTF-8 text. A longer one is refused before it is parsed; a server may be set to less or more. */
export const MAX_SIGNAL_MESSAGE_BYTES = 64 * KIB;
/** The `signal` of an introduction, serialized: leaves room for the message around it. */
export const MAX_SIGNAL_BYTES = 48 * KIB;
/** Objects and arrays within each other in a `signal`. WebRTC's need three; a deep one overflows a naive reader's stack. */
export const MAX_SIGNAL_DEPTH = 8;
/** What an announce may ask for and a peers message may hold. */
export const MAX_PEERS_PER_REPLY = 50;
/** Characters of an error's text for people. */
export const MAX_ERROR_TEXT_LENGTH = 1024;
/** STUN and TURN servers that a server hands out, and URLs of each. */
export const MAX_ICE_SERVERS = 8;
/** Characters of such a URL, a username or a credential. */
export const MAX_ICE_TEXT_LENGTH = 512;
/** Further connections that an announce can offer. */
export const MAX_FREE_CONNECTIONS = 255;
/** Longest duration a server may name: beyond 2^31 - 1 a browser's timer fires at once, so that a client would spin. */
export const MAX_DURATION_MS = 24 * 60 * 60 * 1000;
