import assert from "node:assert/strict";
import { test } from "node:test";
import { FileStream, sharePieceBytes } from "#sdk/content/share/file-stream.ts";
import {
  checkFiles,
  isSafePath,
  MAX_SHARED_FILES,
  readListing,
  writeListing,
} from "#sdk/content/share/listing.ts";

const KIB = 1024;
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const listing = (files: unknown, pieceLength: unknown = 65_536) =>
  encode({ rivuletShare: 1, pieceLength, files });

test("files are one stream: pieces cross their borders, and empty ones take no part", () => {
  const sizes = [10, 0, 65_526, 1, 0];
  const stream = new FileStream(sizes.map((sizeBytes, at) => ({ path: `${at}`, sizeBytes })));
  assert.deepEqual([stream.totalBytes, stream.pieceCount, stream.lengthOf(1)], [65_537, 2, 1]);
  assert.deepEqual(stream.spans(0, 65_536), [
    { file: 0, from: 0, to: 10 },
    { file: 2, from: 0, to: 65_526 },
  ]);
  assert.deepEqual(stream.spans(65_536, 65_537), [{ file: 3, from: 0, to: 1 }]);
  assert.deepEqual(stream.spans(5, 12), [
    { file: 0, from: 5, to: 10 },
    { file: 2, from: 0, to: 2 },
  ]);
  assert.deepEqual(
    sizes.map((_, file) => stream.piecesOf(file)),
    [
      { first: 0, end: 1 },
      { first: 0, end: 0 },
      { first: 0, end: 1 },
      { first: 1, end: 2 },
      { first: 1, end: 1 },
    ],
  );
});

test("pieces grow with what is shared, and are long only where there would be very many", () => {
  const sizes = [
    0,
    16 * KIB ** 2,
    64 * KIB ** 2,
    256 * KIB ** 2,
    2 * KIB ** 3,
    4 * KIB ** 3,
    10 * KIB ** 3,
    KIB ** 4,
  ];
  assert.deepEqual(
    sizes.map((size) => sharePieceBytes(size) / KIB),
    [64, 64, 256, 1024, 1024, 1024, 4096, 4096],
  );
});

test("a listing says the same when it is read", () => {
  const files = [
    { path: "a/ü.txt", sizeBytes: 3, modifiedAt: 1_700_000_000_000 },
    { path: "b \\ c\u{1F600}", sizeBytes: 0 },
  ];
  const read = readListing(writeListing(new FileStream(files)));
  assert.deepEqual(read.files, files);
  assert.equal(read.pieceBytes, 65_536);
  // A date before 1970 is left out: nobody's file is lost for it.
  assert.deepEqual(
    readListing(writeListing(new FileStream([{ path: "a", sizeBytes: 1, modifiedAt: -5 }]))).files,
    [{ path: "a", sizeBytes: 1 }],
  );
});

test("a path that leads elsewhere, or cannot be a file's, is refused", () => {
  for (const path of [
    "",
    "/etc/passwd",
    "../a",
    "a/../../b",
    "a//b",
    "a/",
    "./a",
    "a\u0000b",
    "a\nb",
    "x".repeat(4097),
  ]) {
    assert.equal(isSafePath(path), false, path);
    assert.throws(() => readListing(listing([[path, 1]])), { code: "share-malformed" });
  }
  for (const path of ["a", "..a", "a..", "...", "C:\\x", "日本/…"])
    assert.equal(isSafePath(path), true, path);
});

test("two files of one name, and a file that is a folder too, are refused", () => {
  assert.throws(
    () =>
      readListing(
        listing([
          ["a", 1],
          ["a", 1],
        ]),
      ),
    /two files named "a"/,
  );
  assert.throws(
    () =>
      readListing(
        listing([
          ["a", 1],
          ["a/b", 1],
        ]),
      ),
    /a folder too: "a"/,
  );
});

test("what is no listing is refused with one clear error", () => {
  const bad = [
    new Uint8Array([0xff, 0xfe]),
    encode(null),
    encode([]),
    encode({ rivuletShare: 2, pieceLength: 65_536, files: [["a", 1]] }),
    listing([]),
    listing("a"),
    listing(["a"]),
    listing([["a"]]),
    listing([["a", -1]]),
    listing([["a", 1.5]]),
    listing([["a", 2 ** 60]]),
    listing([["a", 1, "today"]]),
    listing([["a", 1]], 65_537),
    listing([["a", 1]], 32_768),
    listing([["a", 1]], 8 * 1024 * 1024),
    listing([["a", 524_289 * 65_536]]),
  ];
  for (const bytes of bad) assert.throws(() => readListing(bytes), { code: "share-malformed" });
});

test("a list may have 100,000 files, and not one more", () => {
  const files = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ path: `${at}`, sizeBytes: 0 }));
  checkFiles(files(MAX_SHARED_FILES));
  assert.throws(() => checkFiles(files(MAX_SHARED_FILES + 1)), /over 100000 files; send fewer/);
});
