import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aboveIdleMb,
  middleAboveIdleMb,
  samplesOf,
  tinyFiles,
  treeDifferences,
  warmRate,
} from "./share/share-figures.ts";

test("a share's rate counts what came after it was warm, and is 0 when all came before", () => {
  assert.equal(warmRate({ warmAt: 500, warmBytes: 4, doneAt: 2500, totalBytes: 24 }), 10);
  assert.equal(warmRate({ warmAt: 2500, warmBytes: 0, doneAt: 2500, totalBytes: 24 }), 0);
});

test("tiny files are spread over a hundred folders", () => {
  const files = tinyFiles(250, 1600);
  assert.equal(new Set(files.map(({ path }) => path.split("/")[0])).size, 100);
  assert.deepEqual(files[101], { path: "folder 1/file 101.txt", sizeBytes: 1600 });
});

test("samples have the first and the last byte of all files among them", () => {
  const files = [
    { path: "a", sizeBytes: 10 },
    { path: "empty", sizeBytes: 0 },
    { path: "b", sizeBytes: 90 },
  ];
  assert.deepEqual(samplesOf(files, 3, 20), [
    { path: "a", from: 0, to: 10 },
    { path: "b", from: 39, to: 59 },
    { path: "b", from: 70, to: 90 },
  ]);
  assert.deepEqual(samplesOf(files, 1, 4), [{ path: "a", from: 0, to: 4 }]);
});

test("a file that is missing, too much, of another size or there twice makes a tree another one", () => {
  const a = { path: "a", sizeBytes: 1 };
  const b = { path: "b", sizeBytes: 2 };
  assert.equal(treeDifferences([a, b], [b, a]), 0);
  assert.equal(treeDifferences([a, b], [a]), 1);
  assert.equal(treeDifferences([a], [a, b]), 1);
  assert.equal(treeDifferences([a], [{ ...a, sizeBytes: 3 }]), 2);
  assert.equal(treeDifferences([a], [a, a]), 1);
});

test("memory above idle is that of the peak, and never less than nothing", () => {
  assert.equal(aboveIdleMb([5_000_000, 9_000_000, 7_000_000], 4_000_000), 5);
  assert.equal(aboveIdleMb([1], 4_000_000), 0);
  assert.equal(middleAboveIdleMb([5_000_000, 9_000_000, 7_000_000], 4_000_000), 3);
  assert.equal(middleAboveIdleMb([1], 4_000_000), 0);
});
