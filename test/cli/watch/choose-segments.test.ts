import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidate, chooseSegments, type ListLimits } from "#sdk/cli/watch/choose-segments.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import { formatManifest } from "#sdk/content/manifest.ts";

const WIDE: ListLimits = { keep: 100, pieces: 1000, manifestBytes: 100_000 };

function candidate(
  path: string,
  about: Partial<Candidate> & { age?: number; sizeBytes?: number } = {},
): Candidate {
  const { age = 0, sizeBytes = 1, isInit = false, isPast = false, isComplete = true } = about;
  const file = { path, name: path, location: path, sizeBytes, fingerprint: path, modifiedMs: 1e12 - age };
  return { file, isInit, isPast, isComplete };
}

function choose(candidates: readonly Candidate[], limits: Partial<ListLimits> = {}, pastFiles = 100) {
  const { chosen, reached } = chooseSegments(candidates, pastFiles, { ...WIDE, ...limits });
  return { paths: chosen.map(({ file }) => file.path).join(" "), reached };
}

test("what is chosen is in the order of its age, and of its number where that is the same", () => {
  const files = [candidate("10"), candidate("a", { age: 1 }), candidate("9"), candidate("b", { age: 2 })];
  assert.deepEqual(choose(files), { paths: "b a 9 10", reached: undefined });
});

test("beyond the most files, the oldest are left out, but for initialization segments", () => {
  const files = [candidate("init", { age: 9, isInit: true }), candidate("1"), candidate("2"), candidate("3")];
  assert.deepEqual(choose(files, { keep: 3 }), { paths: "init 2 3", reached: "keep" });
  assert.deepEqual(choose(files, { keep: 4 }), { paths: "init 1 2 3", reached: undefined });
  assert.deepEqual(choose(files, { keep: 1 }), { paths: "init", reached: "keep" });
});

test("of files that playlists have left, only so many are listed", () => {
  const files = ["1", "2", "3"].map((path) => candidate(path, { isPast: true }));
  assert.deepEqual(choose([...files, candidate("4")], {}, 2), { paths: "2 3 4", reached: undefined });
  const init = candidate("0", { isPast: true, isInit: true });
  assert.equal(choose([init, ...files], {}, 0).paths, "0");
});

test("what would have too many pieces ends the list", () => {
  const files = ["1", "2", "3"].map((path, index) =>
    candidate(path, { age: 3 - index, sizeBytes: (3 - index) * MIN_PIECE_BYTES }),
  );
  assert.deepEqual(choose(files, { pieces: 3 }), { paths: "2 3", reached: "pieces" });
  // The oldest alone would still fit, but not with a hole before the others.
  const hole = [candidate("0", { age: 9 }), ...files];
  assert.deepEqual(choose(hole, { pieces: 4 }), { paths: "2 3", reached: "pieces" });
});

test("the manifest never gets longer than the limit says", () => {
  const paths = Array.from({ length: 60 }, (_, index) => `folder/segment-${index}.m4s`);
  const manifestBytes = 20_000;
  const { chosen, reached } = chooseSegments(
    paths.map((path) => candidate(path, { sizeBytes: 5 * MIN_PIECE_BYTES })),
    100,
    { ...WIDE, manifestBytes },
  );
  assert.equal(reached, "manifestBytes");
  const resources = chosen.map(({ file: { path, sizeBytes } }) => ({
    ...{ path, sizeBytes, pieceBytes: MIN_PIECE_BYTES, mediaType: "application/vnd.apple.mpegurl" },
    ...{ root: new Uint8Array(32), hashes: new Uint8Array(160), firstPiece: 4_294_000_000 },
  }));
  const live = { stream: "A".repeat(22), nextPiece: 2 ** 32 };
  const written = formatManifest({ base: "https://www.example/live/", live, resources });
  assert.ok(chosen.length > 20 && written.length <= manifestBytes, `${chosen.length}: ${written.length}`);
});
