/** Why there is no manifest, as stable strings, and the HTTP status that each is answered with. */
const STATUSES = {
  // the request
  "method-not-allowed": 405,
  "origin-not-allowed": 403,
  "url-missing": 400,
  "url-malformed": 400,
  "too-many-urls": 400,
  "several-origins": 400,
  "playlist-not-alone": 400,
  "playlist-unsupported": 400,
  "resource-origin-not-allowed": 403,
  // how much of it
  "too-many-fetches-from-address": 429,
  "too-many-playlists-from-address": 429,
  "too-many-fetches": 503,
  "too-many-playlists": 503,
  "manifest-preparing": 503,
  // the way to the origin
  "address-not-allowed": 403,
  "redirect-not-allowed": 502,
  "too-many-redirects": 502,
  "origin-failed": 502,
  "origin-timeout": 504,
  // what the origin has
  "resource-missing": 404,
  "resource-too-large": 422,
  "content-encoded": 502,
  "content-too-large": 422,
  "too-many-segments": 422,
  "playlist-malformed": 502,
  // the server's own state
  internal: 500,
} as const;

export type FailureCode = keyof typeof STATUSES;

/** What went wrong. The message is for people, and never quotes what the origin answered. */
export interface Failure {
  readonly type: "failed";
  readonly code: FailureCode;
  readonly message: string;
}

export function failed(code: FailureCode, message: string): Failure {
  return { type: "failed", code, message };
}

export function statusOf(code: FailureCode): number {
  return STATUSES[code];
}

const OWN: ReadonlySet<FailureCode> = new Set(["too-many-fetches", "too-many-segments", "internal"]);
const PASSING: ReadonlySet<FailureCode> = new Set([...OWN, "origin-failed", "origin-timeout"]);

/** True when the same may well succeed a little later: another manifest would then be right. */
export function isPassing({ code }: Failure): boolean {
  return PASSING.has(code);
}

/** True when the origin is to blame, so that asking it again at once is in vain. */
export function isOfOrigin({ code }: Failure): boolean {
  return !OWN.has(code);
}
