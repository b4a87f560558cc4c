/**
 * What can go wrong, as stable strings. A program may switch on `error.code`; the message is for people and says
 * what to do.
 */
export type ErrorCode =
  // configuration
  | "bad-option"
  | "unsupported-browser"
  | "insecure-context"
  // manifest
  | "manifest-unreachable"
  | "manifest-malformed"
  | "manifest-too-large"
  | "manifest-untrusted"
  // content delivery
  | "unknown-resource"
  | "stale-manifest"
  | "integrity-mismatch"
  | "range-not-satisfiable"
  | "origin-failed"
  | "aborted"
  | "destroyed"
  // wire
  | "frame-malformed"
  | "frame-too-large"
  | "frame-unknown-type"
  | "protocol-version"
  | "protocol-violation"
  | "message-malformed"
  | "message-too-large"
  | "message-unknown-type"
  | "signaling-refused"
  // surroundings
  | "connection-failed"
  | "storage-unavailable"
  | "storage-full"
  | "storage-corrupt"
  | "worker-unavailable"
  | "file-unreadable"
  | "file-unwritable"
  // shares
  | "file-changed"
  | "bad-link"
  | "password-needed"
  | "password-wrong"
  | "peer-untrusted"
  | "share-open-elsewhere"
  | "share-malformed";

/** The one error class of Rivulet. `cause` holds the foreign error it was translated from, when there was one. */
export class RivuletError extends Error {
  override readonly name = "RivuletError";
  readonly code: ErrorCode;

  /** Several scripts of a page have this class each, and what one throws another may be asked about. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "RivuletError";
  }

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What a peer did that the protocol forbids, in a few words. */
export function violation(what: string): RivuletError {
  return new RivuletError("protocol-violation", `The peer broke the protocol: ${what}.`);
}

/** The origin has other bytes than the manifest promises. `why` ends the sentence. */
export function staleManifest(what: string, why: string): RivuletError {
  return new RivuletError(
    "stale-manifest",
    `${what} is not what the manifest says: ${why}. Rebuild the manifest with each deployment.`,
  );
}
