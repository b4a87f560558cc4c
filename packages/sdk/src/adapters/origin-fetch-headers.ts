import { second } from "../base/time.ts";

/** The bytes [start, end) that a 206 carries, NaN in a 416; and the length of the whole where the server says it. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly totalBytes: number | undefined;
}

/** Reads `bytes 0-99/1000`, with an asterisk for what a 206 or a 416 leaves open (RFC 9110 §14.4). */
export function parseContentRange(headers: Headers): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(headers.get("content-range")?.trim() ?? "");
  if (!match) return undefined;
  const [, first, last, total] = match;
  const totalBytes = total === "*" ? undefined : Number(total);
  return { start: Number(first), end: Number(last) + 1, totalBytes };
}

/** Reads Retry-After (RFC 9110 §10.2.3), a number of seconds or a date, as ms from now. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * second;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The Content-Encoding when there is one that changes the bytes. */
export function contentEncoding(headers: Headers): string | undefined {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  return encoding === undefined || encoding === "" || encoding === "identity" ? undefined : encoding;
}
