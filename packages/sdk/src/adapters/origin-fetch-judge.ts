import { RivuletError, staleManifest } from "../base/errors.ts";
import { isPassingStatus } from "../base/http-status.ts";
import type { Delivery, OriginRequest } from "./origin-fetch-delivery.ts";
import { contentEncoding, parseContentRange, parseRetryAfter } from "./origin-fetch-headers.ts";
import type { KnownResources } from "./origin-fetch-identity.ts";

/** What to make of an answer's head. */
export type Verdict =
  | Good
  /** There is nothing left that was not given. */
  | { readonly kind: "done" }
  /** Its body is of no use; the next ask, which will differ, brings the bytes. */
  | { readonly kind: "more" }
  | Broken;

/** Its body is wanted. */
export interface Good {
  readonly kind: "good";
  readonly answer: "part" | "whole";
  /** The byte of the resource before which its body should end, where that is known. */
  readonly endsAt: number | undefined;
  /** Length of the resource, where that is known. */
  readonly totalBytes: number | undefined;
}

export interface Broken {
  readonly kind: "broken";
  readonly error: RivuletError;
  /** How long the server asks to be left alone, ms. */
  readonly retryAfterMs: number | undefined;
}

/** @throws RivuletError `origin-failed` when asking again would not help; `stale-manifest` when the resource changed. */
export function judge(
  response: Response,
  parts: {
    readonly request: OriginRequest;
    readonly delivery: Delivery;
    readonly known: KnownResources;
    readonly askedRange: boolean;
    readonly now: number;
  },
): Verdict {
  const { request, delivery, known, askedRange } = parts;
  const { url } = request;
  const { status, headers } = response;
  if (isPassingStatus(status)) {
    const retryAfterMs = parseRetryAfter(headers.get("retry-after"), parts.now);
    return { kind: "broken", error: refused(url, status), retryAfterMs };
  }
  if (status === 416 && askedRange) {
    // It broke off after the last byte, before saying that it was the last.
    const range = parseContentRange(headers);
    if (delivery.end === undefined && range?.totalBytes === delivery.position) return { kind: "done" };
    throw staleManifest(url, "it is shorter than it was said to be");
  }
  const isPart = status === 206 && askedRange;
  if (!isPart && status !== 200 && status !== 203) throw refused(url, status);

  const range = isPart ? parseContentRange(headers) : undefined;
  if (isPart && !isPartOf(headers, range, delivery.position)) {
    known.rangesAreUseless(url);
    return { kind: "more" };
  }
  const totalBytes = isPart ? range?.totalBytes : wholeLength(response);
  const difference = known.meet(url, headers, totalBytes);
  if (difference !== undefined) throw staleManifest(url, difference);
  if (request.end !== undefined && totalBytes !== undefined && totalBytes < request.end) {
    throw staleManifest(url, `it has ${totalBytes} bytes, and byte ${request.end - 1} was asked for`);
  }
  return isPart
    ? { kind: "good", answer: "part", endsAt: range?.end ?? delivery.end, totalBytes }
    : { kind: "good", answer: "whole", endsAt: totalBytes, totalBytes };
}

export function broken(url: string, cause: unknown): Broken {
  const why = cause instanceof Error ? cause.message : String(cause);
  const error = new RivuletError("origin-failed", `The origin did not deliver ${url}: ${why}.`, { cause });
  return { kind: "broken", error, retryAfterMs: undefined };
}

/**
 * Whether a 206 carries the bytes that were asked for, as the page would see them. Not when it is a range of the
 * compressed form (some object stores do that), begins elsewhere, or holds several parts. A server of another site may
 * hide Content-Range from this page; then the piece hashes are the only check, and they are enough.
 */
function isPartOf(
  headers: Headers,
  range: { readonly start: number } | undefined,
  position: number,
): boolean {
  if (contentEncoding(headers) !== undefined) return false;
  if (/^multipart\//i.test(headers.get("content-type") ?? "")) return false;
  return range ? range.start === position : !headers.has("content-range");
}

/**
 * Content-Length is that of the compressed body when there is a Content-Encoding, and whether there is one, another
 * site's answer does not show unless its server allows it.
 */
function wholeLength({ headers, type }: Response): number | undefined {
  const length = headers.get("content-length");
  if (type === "cors" || contentEncoding(headers) !== undefined || length === null) return undefined;
  return /^\d+$/.test(length) ? Number(length) : undefined;
}

function refused(url: string, status: number): RivuletError {
  return new RivuletError("origin-failed", `The origin answered ${status} for ${url}.`, { cause: status });
}
