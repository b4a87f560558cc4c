import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readRange } from "#sdk/client/range-header.ts";

test("a range is read as RFC 9110 §14.1.2 says", () => {
  const cases: readonly [string, number, ReturnType<typeof readRange>][] = [
    ["bytes=0-499", 10_000, { start: 0, end: 500 }],
    ["bytes=500-999", 10_000, { start: 500, end: 1000 }],
    ["bytes=-500", 10_000, { start: 9500, end: 10_000 }],
    ["bytes=9500-", 10_000, { start: 9500, end: 10_000 }],
    ["bytes=0-0", 10_000, { start: 0, end: 1 }],
    ["bytes=9999-9999", 10_000, { start: 9999, end: 10_000 }],
    // Past the end: as much as there is.
    ["bytes=9999-20000", 10_000, { start: 9999, end: 10_000 }],
    ["bytes=-20000", 10_000, { start: 0, end: 10_000 }],
    [`bytes=0-${"9".repeat(400)}`, 10, { start: 0, end: 10 }],
    // Nothing of it is there.
    ["bytes=10000-", 10_000, "unsatisfiable"],
    ["bytes=10001-", 10_000, "unsatisfiable"],
    ["bytes=10000-10001", 10_000, "unsatisfiable"],
    ["bytes=-0", 10_000, "unsatisfiable"],
    ["bytes=0-", 0, "unsatisfiable"],
    ["bytes=0-0", 0, "unsatisfiable"],
    ["bytes=-1", 0, "unsatisfiable"],
    ["bytes=9007199254740993-9007199254740993", 10, "unsatisfiable"],
    // §14.1.1: invalid, and to be ignored.
    ["bytes=5-4", 10_000, "ignored"],
    ["bytes=20000-10001", 10_000, "ignored"],
    // The unit's name knows no case; a space may stand before a range, not within one.
    ["Bytes=0-1", 10, { start: 0, end: 2 }],
    [" bytes= 0-1 ", 10, { start: 0, end: 2 }],
    ["bytes=0 -1", 10, "ignored"],
    ["bytes=0-1 2", 10, "ignored"],
    ["by tes=0-1", 10, "ignored"],
    ["bytes = 0-1", 10, "ignored"],
  ];
  for (const [header, size, expected] of cases)
    assert.deepEqual(readRange(header, size), expected, `${header} of ${size}`);
});

test("several ranges, other units and junk are ignored", () => {
  const junk = ["", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=0", "bytes=0--1", "bytes=-1-"];
  for (const header of [...junk, "bytes=0-1,3-4", "bytes=0-1,", "items=0-1", "bytes=0x1-2", "bytes=1e1-20"])
    assert.equal(readRange(header, 100), "ignored", header);
});

test("whatever the header, a range lies within the body and is not empty", () => {
  const part = fc.oneof(fc.nat(200).map(String), fc.constant(""), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(part, part, fc.nat(100), (first, last, size) => {
      const range = readRange(`bytes=${first}-${last}`, size);
      if (typeof range === "string") return;
      assert.ok(range.start >= 0 && range.start < range.end && range.end <= size);
    }),
  );
});

test("for a first and a last position the range is what a slice would give", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(40), (first, last, size) => {
      const range = readRange(`bytes=${first}-${last}`, size);
      const whole = Array.from({ length: size }, (_, i) => i);
      const slice = whole.slice(first, last + 1);
      if (last < first) assert.equal(range, "ignored");
      else if (slice.length === 0) assert.equal(range, "unsatisfiable");
      else assert.deepEqual(range, { start: slice[0], end: (slice.at(-1) ?? 0) + 1 });
    }),
  );
});
