/** Why a signaling server refused something, as stable strings. */
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
  // what it may do
  "token-missing",
  "token-invalid",
  "token-expired",
  "token-unverifiable",
  // what it asked for
  "content-not-allowed",
  "unknown-peer",
  "not-a-member",
  "room-full",
  "too-many-rooms",
  // how much of it
  "rate-limited",
  "too-many-connections",
  "too-many-connections-from-address",
  "too-many-connections-with-token",
  "connecting-too-fast",
  "origin-not-allowed",
  // the server's own state
  "draining",
  "internal",
] as const;

export type SignalErrorCode = (typeof SIGNAL_ERROR_CODES)[number];

/**
 * WebSocket close codes by the reason they carry. 4000 and up are an application's own (RFC 6455 §7.4.2). What is wrong
 * with a token, and whether it may be taken later, is in the error message before the close.
 */
export const SIGNAL_CLOSE_CODES = {
  draining: 1001,
  "rate-limited": 4000,
  "not-greeted": 4001,
  replaced: 4002,
  "token-refused": 4003,
} as const satisfies Partial<Record<SignalErrorCode | "token-refused", number>>;

/** Why a server closes a connection; every other refusal leaves it open. */
export type SignalCloseReason = keyof typeof SIGNAL_CLOSE_CODES;
