/** Why a signaling server refused something, as stable strings. The reason of a closed connection is one of them too. */
export const SIGNAL_ERROR_CODES = [
  // the message itself
  "malformed",
  "too-large",
  "unknown-type",
  // who is speaking
  "version",
  "bad-secret",
  "not-greeted",
  "already-greeted",
  "replaced",
  // what it asked for
  "unknown-peer",
  "not-a-member",
  "room-full",
  "too-many-rooms",
  // how much of it
  "rate-limited",
  "too-many-connections",
  "too-many-connections-from-address",
  "origin-not-allowed",
  // the server's own state
  "draining",
  "internal",
] as const;

export type SignalErrorCode = (typeof SIGNAL_ERROR_CODES)[number];

/** WebSocket close codes by the reason they carry. 4000 and up are an application's own (RFC 6455 §7.4.2). */
export const SIGNAL_CLOSE_CODES = {
  draining: 1001,
  "rate-limited": 4000,
  "not-greeted": 4001,
  replaced: 4002,
} as const satisfies Partial<Record<SignalErrorCode, number>>;

/** The codes with which a server closes a connection; every other leaves it open. */
export type SignalCloseReason = keyof typeof SIGNAL_CLOSE_CODES;
