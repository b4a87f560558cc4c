import { type Failure, type FailureCode, failed, statusOf } from "./failure.ts";
import type { Served } from "./file-manifests.ts";
import type { PublicKey } from "./manifest-signer.ts";

/** An answer over HTTP. */
export interface ManifestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for 204 and 304. */
  readonly body: Uint8Array;
}

export const SIGNATURE_HEADER = "rivulet-signature";
export const LEFT_OUT_HEADER = "rivulet-left-out";
const RETRY_AFTER_SECONDS = "2";
const NOTHING = new Uint8Array();

/** Pages of which origins may read the answers. */
export class PageOrigins {
  readonly #origins: ReadonlySet<string>;

  /** Empty: pages of all origins. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Why the page may not read anything, if it may not. Programs have no origin. */
  refusal(origin: string | undefined): Failure | undefined {
    if (origin === undefined || this.#origins.size === 0 || this.#origins.has(origin)) return undefined;
    return failed("origin-not-allowed", "Pages of this origin may not ask here; see --allow-origin.");
  }

  headersFor(origin: string | undefined): Readonly<Record<string, string>> {
    if (this.#origins.size === 0) return { ...ALWAYS, "access-control-allow-origin": "*" };
    if (origin === undefined || !this.#origins.has(origin)) return { ...ALWAYS, vary: "origin" };
    return { ...ALWAYS, vary: "origin", "access-control-allow-origin": origin };
  }
}

const ALWAYS = {
  "access-control-expose-headers": `${SIGNATURE_HEADER}, ${LEFT_OUT_HEADER}`,
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

export function manifestAnswer(
  { manifest, leftOut }: Served,
  ifNoneMatch: string | undefined,
): ManifestAnswer {
  const { bytes, etag, signature } = manifest;
  const headers = {
    // Checked each time: of a live stream it changes with each segment, and a stale one keeps a page from its peers.
    "cache-control": "no-cache",
    etag,
    [SIGNATURE_HEADER]: signature,
    ...(leftOut > 0 && { [LEFT_OUT_HEADER]: String(leftOut) }),
  };
  if (matches(ifNoneMatch, etag)) return { status: 304, headers, body: NOTHING };
  return { status: 200, headers: { ...headers, "content-type": "application/json" }, body: bytes };
}

/** Whether a client has these bytes already. A proxy that compresses them makes the tag a weak one (RFC 9110 §13.1.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false;
}

export function keyAnswer(key: PublicKey): ManifestAnswer {
  return { ...json(200, key), headers: { ...JSON_HEADERS, "cache-control": "no-cache" } };
}

export function failureAnswer({ code, message }: Failure): ManifestAnswer {
  const { status, headers, body } = json(statusOf(code), { code, message });
  return { status, headers: { ...headers, ...extraHeaders(code) }, body };
}

export function preflightAnswer(): ManifestAnswer {
  const headers = { "access-control-allow-methods": "GET, HEAD", "access-control-max-age": "86400" };
  return { status: 204, headers, body: NOTHING };
}

const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

function json(status: number, value: object): ManifestAnswer {
  return { status, headers: JSON_HEADERS, body: Buffer.from(JSON.stringify(value)) };
}

function extraHeaders(code: FailureCode): Readonly<Record<string, string>> {
  if (code === "method-not-allowed") return { allow: "GET, HEAD, OPTIONS" };
  const status = statusOf(code);
  return status === 503 || status === 429 ? { "retry-after": RETRY_AFTER_SECONDS } : {};
}
