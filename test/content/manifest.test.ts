import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RivuletError } from "#sdk/base/errors.ts";
import {
  MAX_MANIFEST_BYTES,
  MAX_PATH_LENGTH,
  MAX_PIECE_BYTES,
  MAX_PIECES,
  MAX_RESOURCES,
  MIN_PIECE_BYTES,
} from "#sdk/content/limits.ts";
import { formatManifest, type Manifest, parseManifest, pieceBytesFor } from "#sdk/content/manifest.ts";

const HASH = "A".repeat(43);
const SOUND = { path: "a/b.png", size: 5, pieceLength: MIN_PIECE_BYTES, root: HASH, pieces: HASH };

function text(resource: object, rest: object = {}): string {
  return JSON.stringify({ rivulet: 1, resources: [{ ...SOUND, ...resource }], ...rest });
}

function refuses(source: string, message: RegExp, code = "manifest-malformed"): void {
  const isRefusal = (error: unknown): boolean =>
    error instanceof RivuletError && error.code === code && message.test(error.message);
  assert.throws(() => parseManifest(source), isRefusal, `${source.slice(0, 200)} / ${message}`);
}

const resource = fc
  .record({
    path: fc.webPath().filter((path) => path.length > 1 && !path.startsWith("//")),
    sizeBytes: fc.integer({ min: 0, max: 10 * MIN_PIECE_BYTES }),
    mediaType: fc.constantFrom(undefined, "video/mp4", 'text/html; charset="utf-8"'),
    root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map(({ path, ...rest }) => ({
    path: `r${path}`,
    pieceBytes: MIN_PIECE_BYTES,
    hashes: new Uint8Array(Math.ceil(rest.sizeBytes / MIN_PIECE_BYTES) * 32).fill(rest.root[0] ?? 0),
    ...rest,
  }))
  .filter(({ path }) => !path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part)));

const manifest: fc.Arbitrary<Manifest> = fc.record(
  {
    base: fc.constantFrom(undefined, "https://cdn.example/x/"),
    resources: fc.uniqueArray(resource, { selector: ({ path }) => path, maxLength: 5 }),
  },
  { noNullPrototype: true },
);

test("what is formatted parses back to the same manifest, and formats to the same bytes", () => {
  fc.assert(
    fc.property(manifest, (value) => {
      const written = formatManifest(value);
      const read = parseManifest(written);
      assert.deepEqual(read, value);
      assert.equal(formatManifest(read), written);
    }),
  );
});

test("a manifest without resources is a manifest", () => {
  assert.deepEqual(parseManifest(formatManifest({ base: undefined, resources: [] })).resources, []);
});

test("a manifest that is not an object of this version is refused", () => {
  refuses("", /not JSON/);
  refuses("{", /not JSON/);
  for (const source of ["null", "[]", "1", '"text"']) refuses(source, /must be an object/);
  for (const rivulet of [undefined, 0, 2, "1", null]) refuses(text({}, { rivulet }), /"rivulet" must be/);
  for (const base of [null, 1, {}]) refuses(text({}, { base }), /"base" must be a string/);
  for (const resources of [undefined, null, {}, "x"]) refuses(text({}, { resources }), /"resources" must/);
  for (const entry of [null, 1, "x", []]) {
    refuses(text({}, { resources: [SOUND, entry] }), /resources\[1\] must be an object/);
  }
});

test("a malformed field is refused by the name of its place", () => {
  for (const path of [undefined, null, 1, "", "x".repeat(MAX_PATH_LENGTH + 1)])
    refuses(text({ path }), /path/);
  for (const size of [undefined, null, "5", -1, 0.5, 2 ** 53, 1e300]) {
    refuses(text({ size }), /resources\[0\]\.size must/);
  }
  const lengths = [undefined, null, "65536", 0, 1, -65536, 65535, MIN_PIECE_BYTES / 2, MAX_PIECE_BYTES * 2];
  for (const pieceLength of [...lengths, MIN_PIECE_BYTES * 3, 2 ** 32 + MIN_PIECE_BYTES, 65536.5]) {
    refuses(text({ pieceLength }), /resources\[0\]\.pieceLength must/);
  }
  for (const type of [null, 1, "", "a/b\r\nx: y", "a\0b", "é/b", "x".repeat(256)]) {
    refuses(text({ type }), /resources\[0\]\.type must/);
  }
  for (const root of [undefined, null, 1, "", `${HASH}A`, HASH.slice(1)]) {
    refuses(text({ root }), /resources\[0\]\.root must/);
  }
  for (const pieces of [undefined, null, "", HASH.repeat(2), HASH.slice(1)]) {
    refuses(text({ pieces }), /resources\[0\]\.pieces must/);
  }
  for (const hash of [`${HASH.slice(1)}+`, `${HASH.slice(1)}B`]) {
    refuses(text({ root: hash }), /base64url/);
    refuses(text({ pieces: hash }), /base64url/);
  }
  refuses(text({}, { resources: [SOUND, SOUND] }), /resources\[1\]\.path "a\/b.png" appears twice/);
});

const ESCAPES = [
  "/a",
  "//evil.example/a",
  "https://evil.example/a",
  "javascript:alert(1)",
  "../a",
  "a/../../b",
  "a/..",
  "./a",
  "a\\..\\..\\b",
  "\\\\evil.example\\a",
  "%2e%2e/a",
  "a/%2E./%2e%2E/b",
  " //evil.example/a",
  "\t//evil.example/a",
  "/\t/evil.example",
  ".\t./a",
  "ht\ntps://evil.example",
  "a b",
  "a\u00e9",
  "a#b",
];

test("a path that leaves the base, or is not written as in a URL, is refused", () => {
  for (const path of ESCAPES) refuses(text({ path }), /path must be percent-encoded, stay below the base/);
});

test("whatever path is accepted resolves to below the base", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "%2e",
    "%2E",
    "/",
    "\\",
    "//",
    ":",
    "?",
    "#",
    "%",
    "a",
    "http",
    "@",
  );
  const odd = fc.constantFrom(" ", "\t", "\n", "\0", "é", "\ufeff");
  const path = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, odd), { minLength: 1, maxLength: 8 });
  let accepted = 0;
  fc.assert(
    fc.property(path, (parts) => {
      const wanted = parts.join("");
      try {
        parseManifest(text({ path: wanted }));
      } catch (error) {
        return error instanceof RivuletError;
      }
      accepted++;
      return new URL(wanted, "https://site.example/dir/").href.startsWith("https://site.example/dir/");
    }),
    { numRuns: 20_000 },
  );
  assert.ok(accepted > 100);
});

test("limits are enforced before anything is allocated for what is over them", () => {
  refuses(" ".repeat(MAX_MANIFEST_BYTES + 1), /split the content/, "manifest-too-large");
  const resources = new Array(MAX_RESOURCES + 1).fill(0);
  refuses(text({}, { resources }), /resources; split the content/, "manifest-too-large");
  const size = (MAX_PIECES + 1) * MIN_PIECE_BYTES;
  refuses(text({ size }), /resources\[0\] has over/, "manifest-too-large");
  refuses(text({ size: Number.MAX_SAFE_INTEGER }), /resources\[0\] has over/, "manifest-too-large");
});

test("the pieces of all resources together are limited too", () => {
  const half = MAX_PIECES / 2 + 1;
  const pieces = "A".repeat(Math.ceil((half * 32 * 4) / 3));
  const big = { ...SOUND, size: half * MIN_PIECE_BYTES, pieces };
  const resources = [big, { ...big, path: "other" }];
  refuses(text({}, { resources }), /pieces; split the content/, "manifest-too-large");
});

test("the piece length is the smallest that gives at most 2,048 pieces, within its bounds", () => {
  assert.equal(pieceBytesFor(0), MIN_PIECE_BYTES);
  assert.equal(pieceBytesFor(2048 * MIN_PIECE_BYTES), MIN_PIECE_BYTES);
  assert.equal(pieceBytesFor(2048 * MIN_PIECE_BYTES + 1), 2 * MIN_PIECE_BYTES);
  assert.equal(pieceBytesFor(2048 * MAX_PIECE_BYTES + 1), MAX_PIECE_BYTES);
  assert.equal(pieceBytesFor(Number.MAX_SAFE_INTEGER), MAX_PIECE_BYTES);
});

test("a manifest of a big file is below a tenth of a percent of it", () => {
  const sizeBytes = 300 * 1024 * 1024;
  const pieceBytes = pieceBytesFor(sizeBytes);
  const hashes = new Uint8Array(Math.ceil(sizeBytes / pieceBytes) * 32);
  const one = { path: "a", sizeBytes, pieceBytes, mediaType: undefined, root: new Uint8Array(32), hashes };
  assert.ok(formatManifest({ base: undefined, resources: [one] }).length < sizeBytes / 1000);
});
