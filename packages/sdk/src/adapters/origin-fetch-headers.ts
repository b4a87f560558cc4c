import { second } from "../base/time.ts";

/** The bytes [start, end) that a 206 carries, and the length of the whole where the server says it. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly totalBytes: number | undefined;
}

/** Reads `bytes 0-99/1000` or `bytes 0-99/*` (RFC 9110 §14.4). */
export function parseContentRange(header: string | null): ContentRange | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(header?.trim() ?? "");
  if (!match) return undefined;
  const [, first, last, total] = match;
  const totalBytes = total === "*" ? undefined : Number(total);
  return { start: Number(first), end: Number(last) + 1, totalBytes };
}

/** Reads the length of the whole that a 416 names in place of a range. */
export function parseUnsatisfiedRange(header: string | null): number | undefined {
  const match = /^bytes \*\/(\d+)$/i.exec(header?.trim() ?? "");
  return match ? Number(match[1]) : undefined;
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
