import assert from "node:assert/strict";
import { readTrackerMessage } from "#signaling/webtorrent/read-message.ts";

export const LIMITS = { maxMessageBytes: 10_000, maxOffersPerAnnounce: 3, maxScrapeHashes: 2 };

function read(data: string | Buffer, isBinary = false) {
  return readTrackerMessage({ data: Buffer.from(data), isBinary }, LIMITS);
}

/** The message, which must be good. */
export function goodMessage(data: string | Buffer, isBinary = false) {
  const result = read(data, isBinary);
  assert.ok("message" in result, "refusal" in result ? result.refusal.message : "");
  return result.message;
}

/** An announce, which must be good. */
export function goodAnnounce(data: string | Buffer, isBinary = false) {
  const good = goodMessage(data, isBinary);
  assert.ok(good.type === "announce");
  return good;
}

/** Why it is refused, and what is said to be the subject. */
export function refusalOf(data: string | Buffer, isBinary = false) {
  const result = read(data, isBinary);
  assert.ok("refusal" in result, "it was taken");
  const { message: _, ...rest } = result.refusal;
  return rest;
}

/** A text with one field's JSON in place of what it was. */
export function withField(text: string, name: string, json: string): string {
  const { [name]: _, ...others } = JSON.parse(text);
  return `${JSON.stringify(others).slice(0, -1)},"${name}":${json}}`;
}
