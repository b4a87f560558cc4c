import assert from "node:assert/strict";
import { test } from "node:test";
import { contentEncoding, parseContentRange, parseRetryAfter } from "#sdk/adapters/origin-fetch-headers.ts";
import { KnownResources } from "#sdk/adapters/origin-fetch-identity.ts";

const contentRange = (header: string) => parseContentRange(new Headers({ "Content-Range": header }));

test("Content-Range gives first byte, end and total, when it knows it", () => {
  assert.deepEqual(contentRange("bytes 0-99/1000"), { start: 0, end: 100, totalBytes: 1000 });
  assert.deepEqual(contentRange("Bytes 5-5/*"), { start: 5, end: 6, totalBytes: undefined });
});

test("Content-Range of another shape is none", () => {
  assert.equal(parseContentRange(new Headers()), undefined);
  for (const header of ["", "bytes 0-99", "items 0-9/10", "bytes -5-9/10", "bytes 0-*/10"]) {
    assert.equal(contentRange(header), undefined);
  }
});

test("the Content-Range of a 416 gives the total", () => {
  const range = contentRange("bytes */1000");
  assert.deepEqual(range, { start: Number.NaN, end: Number.NaN, totalBytes: 1000 });
});

test("Retry-After is a number of seconds or a date, and a date gone by means now", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(parseRetryAfter("120", now), 120_000);
  assert.equal(parseRetryAfter("Thu, 01 Jan 2026 00:00:10 GMT", now), 10_000);
  assert.equal(parseRetryAfter("Wed, 31 Dec 2025 23:59:00 GMT", now), 0);
  for (const header of [null, "", "soon", "-"]) assert.equal(parseRetryAfter(header, now), undefined);
});

test("identity is no Content-Encoding", () => {
  assert.equal(contentEncoding(new Headers({ "Content-Encoding": "BR" })), "br");
  assert.equal(contentEncoding(new Headers({ "Content-Encoding": "identity" })), undefined);
  assert.equal(contentEncoding(new Headers()), undefined);
});

test("tags are compared within an encoding, dates and lengths across them", () => {
  const known = new KnownResources();
  const meet = (headers: Record<string, string>, totalBytes?: number) =>
    known.meet("/a", new Headers(headers), totalBytes);
  const gzip = { "Content-Encoding": "gzip" };
  const [monday, tuesday] = ["Mon, 05 Jan 2026 00:00:00 GMT", "Tue, 06 Jan 2026 00:00:00 GMT"];
  assert.equal(meet({ ETag: '"a-gzip"', "Last-Modified": monday, ...gzip }), undefined);
  assert.equal(meet({ ETag: '"a"', "Last-Modified": monday }, 100), undefined);
  assert.equal(meet({ ETag: '"a-gzip"', ...gzip }), undefined);
  assert.equal(meet({ ETag: '"b-gzip"', ...gzip }), 'its gzip ETag was "a-gzip" and is "b-gzip"');
  // What it was is forgotten with the difference.
  assert.equal(meet({ ETag: '"b"', "Last-Modified": tuesday }, 100), undefined);
  assert.equal(meet({ "Last-Modified": monday, ...gzip }), `its date was ${tuesday} and is ${monday}`);
  assert.equal(meet({}, 100), undefined);
  assert.equal(meet({}, 0), "its length was 100 and is 0");
});

test("of ever new URLs only the last 4096 are remembered", () => {
  const known = new KnownResources();
  const tag = (etag: string) => new Headers({ ETag: etag });
  for (let n = 0; n <= 4096; n++) {
    assert.equal(known.meet(`/${n}`, tag('"1"'), undefined), undefined);
    known.rangesAreUseless(`/${n}`);
  }
  assert.equal(known.mayAskRanges("/0"), true);
  assert.equal(known.mayAskRanges("/1"), false);
  assert.notEqual(known.meet("/1", tag('"2"'), undefined), undefined);
  assert.equal(known.meet("/0", tag('"2"'), undefined), undefined);
});
