import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toBase64Url } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import { MAX_STREAM_PIECES } from "#sdk/content/live-stream.ts";
import { formatManifest, type Manifest, parseManifest } from "#sdk/content/manifest.ts";

const HASH = "A".repeat(43);
const STREAM = "AAECAwQFBgcICQoLDA0ODw";

/** A live manifest's text: one resource of one piece for each of these, whatever it is, as its `first`. */
function text(firsts: readonly unknown[], live: unknown = { stream: STREAM }): string {
  const resources = firsts.map((first, index) => ({
    ...{ path: `segment-${index}.m4s`, size: 5, pieceLength: MIN_PIECE_BYTES, first },
    ...{ root: HASH, pieces: HASH },
  }));
  return JSON.stringify({ rivulet: 1, live, resources });
}

function refuses(source: string, message: RegExp): void {
  const isRefusal = (error: unknown): boolean =>
    error instanceof RivuletError && error.code === "manifest-malformed" && message.test(error.message);
  assert.throws(() => parseManifest(source), isRefusal, `${source.slice(0, 300)} / ${message}`);
}

const gapAndPieces = fc.record({
  gap: fc.constantFrom(0, 0, 1, 1000),
  pieces: fc.integer({ min: 0, max: 4 }),
});

const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    stream: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    start: fc.constantFrom(0, 1, 2 ** 31 - 2, 2 ** 32 - 20_000),
    steps: fc.array(gapAndPieces, { maxLength: 6 }),
    next: fc.constantFrom(undefined, 0, 7),
  })
  .map(({ stream, start, steps, next }) => {
    let number = start;
    const resources = steps.map(({ gap, pieces }, index) => {
      const firstPiece = number + gap;
      number = firstPiece + pieces;
      return {
        path: `${index}.ts`,
        sizeBytes: pieces * MIN_PIECE_BYTES,
        pieceBytes: MIN_PIECE_BYTES,
        mediaType: "video/mp2t",
        root: new Uint8Array(32).fill(index),
        hashes: new Uint8Array(pieces * 32).fill(index),
        firstPiece,
      };
    });
    const live = { stream: toBase64Url(stream), ...(next !== undefined && { nextPiece: number + next }) };
    return { base: undefined, live, resources };
  });

test("a live manifest that is formatted parses back to the same one, and formats to the same bytes", () => {
  fc.assert(
    fc.property(manifest, (value) => {
      const written = formatManifest(value);
      const read = parseManifest(written);
      assert.deepEqual(read, value);
      assert.equal(formatManifest(read), written);
    }),
  );
});

test("a live manifest names its stream, and numbers each resource's first piece", () => {
  const [written] = parseManifest(text([7])).resources;
  const formatted = formatManifest({ ...parseManifest(text([7])), base: "https://x.example/" });
  assert.equal(written?.firstPiece, 7);
  assert.match(formatted, /^\{\n {2}"rivulet": 1,\n {2}"base": .*,\n {2}"live": \{"stream":"AAEC/);
  assert.match(formatted, /"pieceLength":65536,"first":7,"root":/);
});

test("a manifest that is not live is written as it always was", () => {
  const { firstPiece: _, ...resource } = parseManifest(text([7])).resources[0] ?? assert.fail();
  const written = formatManifest({ base: undefined, resources: [resource] });
  assert.equal(
    written,
    `{\n  "rivulet": 1,\n  "resources": [\n    {"path":"segment-0.m4s","size":5,"pieceLength":65536,` +
      `"root":"${HASH}","pieces":"${HASH}"}\n  ]\n}\n`,
  );
  assert.deepEqual(Object.keys(parseManifest(written)), ["base", "resources"]);
});

test("a stream that is not sixteen bytes in base64url is refused", () => {
  for (const live of [null, 1, "x", [STREAM]]) refuses(text([], live), /"live" must be an object/);
  const others = [
    undefined,
    null,
    16,
    "",
    STREAM.slice(1),
    `${STREAM}A`,
    `${STREAM}==`,
    `+${STREAM.slice(1)}`,
  ];
  for (const stream of [...others, `${STREAM.slice(0, 21)}x`]) {
    refuses(text([], { stream }), /"live\.stream" must be 16 bytes in base64url/);
  }
});

test("each resource of a live manifest, and of no other, says the number of its first piece", () => {
  for (const first of [undefined, null, "0", -1, 0.5, Number.NaN, 2 ** 53]) {
    refuses(text([0, first]), /resources\[1\]\.first must be the number of its first piece/);
  }
  refuses(text([3]).replace(`"live":{"stream":"${STREAM}"},`, ""), /\.first is for live manifests only/);
});

test("resources that are out of order or overlap are refused, gaps are not", () => {
  assert.deepEqual(
    parseManifest(text([0, 1, 900])).resources.map(({ firstPiece }) => firstPiece),
    [0, 1, 900],
  );
  refuses(text([4, 3]), /resources\[1\]\.first must not be below 5/);
  refuses(text([4, 4]), /resources\[1\]\.first must not be below 5/);
});

test("a stream's last possible piece is accepted, and none after it", () => {
  parseManifest(text([MAX_STREAM_PIECES - 1]));
  refuses(text([MAX_STREAM_PIECES]), /resources\[0\]\.first must be/);
  parseManifest(text([], { stream: STREAM, next: MAX_STREAM_PIECES }));
  for (const next of [MAX_STREAM_PIECES + 1, -1, "1", null, 0.5]) {
    refuses(text([], { stream: STREAM, next }), /"live\.next" must be a piece number/);
  }
});

test("the next number must not be one that is taken", () => {
  assert.equal(parseManifest(text([4], { stream: STREAM, next: 5 })).live?.nextPiece, 5);
  refuses(text([4], { stream: STREAM, next: 4 }), /"live\.next" must not be below 5/);
});
