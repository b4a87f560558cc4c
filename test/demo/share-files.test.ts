import assert from "node:assert/strict";
import { test } from "node:test";
import { nameParts, shownName } from "#demo/src/share/files/file-name.ts";
import {
  doneBytesOf,
  filesNamed,
  fileTree,
  openAtFirst,
  type TreeNode,
} from "#demo/src/share/files/file-tree.ts";
import { addItems, stage, totalOf } from "#demo/src/share/sender/staged-items.ts";
import { shareTitle } from "#demo/src/share/share-title.ts";

const FILES = [
  { path: "trip/10.jpg", sizeBytes: 10 },
  { path: "trip/2.jpg", sizeBytes: 2 },
  { path: "trip/raw/1.raw", sizeBytes: 100 },
  { path: "trip/raw/empty", sizeBytes: 0 },
];

const namesIn = (nodes: readonly TreeNode[]): string[] => nodes.map(({ name }) => name);

test("a tree has folders first, and names as people count them", () => {
  const root = fileTree(FILES);
  assert.deepEqual(namesIn(root.children), ["trip"]);
  const [trip] = root.children;
  assert.ok(trip?.kind === "folder");
  assert.deepEqual(namesIn(trip.children), ["raw", "2.jpg", "10.jpg"]);
  assert.deepEqual([root.sizeBytes, root.fileCount, trip.path], [112, 4, "trip"]);
});

test("a folder is as far as the files in it are, at any depth", () => {
  const root = fileTree(FILES);
  assert.equal(doneBytesOf(root, [10, 1, 40, 0]), 51);
  assert.equal(doneBytesOf(root, []), 0);
});

test("a folder that is alone is open at first, for it would hide everything", () => {
  assert.deepEqual([...openAtFirst(fileTree(FILES))], ["trip"]);
  const nested = fileTree([{ path: "a/b/c", sizeBytes: 1 }]);
  assert.deepEqual([...openAtFirst(nested)], ["a", "a/b"]);
  const two = fileTree([...FILES, { path: "other/x", sizeBytes: 1 }]);
  assert.deepEqual([...openAtFirst(two)], []);
});

test("a search finds a file by any part of its path, in whatever case", () => {
  const found = filesNamed(fileTree(FILES), " RAW/ ").map(({ index }) => index);
  assert.deepEqual(found, [2, 3]);
});

test("a folder called as a property of every object is a folder like any other", () => {
  const root = fileTree([{ path: "__proto__/constructor", sizeBytes: 1 }]);
  assert.deepEqual(namesIn(root.children), ["__proto__"]);
});

test("marks that turn a name around are made visible: no program passes for a picture", () => {
  assert.equal(shownName("photo_\u202egpj.exe"), "photo_\ufffdgpj.exe");
  assert.equal(shownName("a\nb\u2067c"), "a\ufffdb\ufffdc");
  assert.equal(shownName("تقرير.pdf"), "تقرير.pdf");
});

test("a long name keeps its end, and no letter is torn apart", () => {
  assert.deepEqual(nameParts("short.txt"), { head: "short.txt", tail: "" });
  const { head, tail } = nameParts("a film with a long name.mp4");
  assert.equal(head + tail, "a film with a long name.mp4");
  assert.equal(tail, "g name.mp4");
  const family = "👨‍👩‍👧‍👦".repeat(20);
  assert.equal(nameParts(family).tail, "👨‍👩‍👧‍👦".repeat(10));
});

test("a name that is written from right to left is left in one piece", () => {
  const name = "تقرير الرحلة الصيفية 2024.pdf";
  assert.deepEqual(nameParts(name), { head: name, tail: "" });
});

test("a share is called after its only file, its only folder, or how many files it is", () => {
  assert.equal(shareTitle([{ path: "a/film.mp4", sizeBytes: 1 }]), "film.mp4");
  assert.equal(shareTitle(FILES), "trip");
  assert.equal(shareTitle([...FILES, { path: "trip.txt", sizeBytes: 1 }]), "5 files");
});

test("what was chosen is one item for each file and each folder, and nothing is taken twice", async () => {
  const file = new File(["abc"], "a.txt", { lastModified: 1 });
  const inFolder = [
    { file: new File(["12345"], "x"), path: "box/x" },
    { file: new File(["1"], "y"), path: "box/deep/y" },
  ];
  const items = await stage([file, ...inFolder, { file, path: "renamed.txt" }]);
  assert.deepEqual(
    items.map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes]),
    [
      ["a.txt", "file", 3],
      ["box", "folder", 6],
      ["renamed.txt", "file", 3],
    ],
  );
  assert.deepEqual(totalOf(items), { fileCount: 4, sizeBytes: 12 });
  assert.equal(addItems(items, await stage([file, new File(["other"], "a.txt")])).length, 4);
});
