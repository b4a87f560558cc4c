import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FileSink } from "#sdk/cli/share/file-sink.ts";
import { localPath, TakenNames } from "#sdk/cli/share/local-paths.ts";
import { bytesFor, piecesOf, streamOf } from "../contract/share-bytes.ts";
import { write } from "../contract/share-sink.ts";
import { filesIn, plant } from "./run-cli.ts";

const ID = "0123456789abcdef".repeat(4);
const PIECE_BYTES = 1000;
const LONGEST_FILE_BYTES = 244;
const here = (path: string) => localPath(path, "linux");

test("a name that is too long loses what comes before its extension, a whole character at a time", () => {
  for (const [path, expected] of [
    ["n".repeat(244), "n".repeat(244)],
    ["n".repeat(245), "n".repeat(244)],
    [`${"n".repeat(251)}.txt`, `${"n".repeat(240)}.txt`],
    // Three bytes each, and four.
    [`${"語".repeat(86)}.txt`, `${"語".repeat(80)}.txt`],
    [`a${"😀".repeat(70)}`, `a${"😀".repeat(60)}`],
    // No extensions.
    [`.${"n".repeat(300)}`, `.${"n".repeat(243)}`],
    [`a.${"n".repeat(300)}`, `a.${"n".repeat(242)}`],
    // Folders get neither a number nor an ending.
    [`${"f".repeat(255)}/a`, `${"f".repeat(255)}/a`],
    [`${"語".repeat(86)}/${"f".repeat(300)}.d/a`, `${"語".repeat(85)}/${"f".repeat(253)}.d/a`],
  ] as const)
    assert.equal(here(path), expected);
});

test("a shortened name has room for a number and for what unfinished files are called", () => {
  const taken = new TakenNames("linux");
  const path = here(`${"語".repeat(200)}.jpeg`);
  let last = "";
  for (let number = 1; number <= 999; number++) last = taken.take(path);
  assert.match(last, / \(999\)\.jpeg$/);
  assert.ok(Buffer.byteLength(`${last}.part`) <= 255);
});

test("Windows does not drop the end of a name that was shortened", () => {
  assert.equal(localPath(`${"n".repeat(243)}.${"x".repeat(40)}`, "win32"), `${"n".repeat(243)}_`);
});

test("files whose long names only differ at the end are received, and found again at the next visit", async (context) => {
  const given = ["a.txt", "b.txt", "c.txt"].map((ending, seed) => ({
    path: `${"d".repeat(300)}/${"n".repeat(250)}${ending}`,
    bytes: bytesFor(seed + 1, 1500),
  }));
  const [stream, pieces] = [streamOf(given, PIECE_BYTES), piecesOf(given, PIECE_BYTES)];
  const folder = plant(context);
  const first = await FileSink.open(folder, ID);
  await first.open(stream);
  for (let piece = 0; piece < 4; piece++) await write(first, pieces, piece);
  await first.close();
  const next = await FileSink.open(folder, ID);
  assert.equal(await next.open(stream), 4);
  for (let piece = 0; piece < 4; piece++) assert.deepEqual(await next.read(piece), pieces[piece]);
  for (let piece = 4; piece < pieces.length; piece++) await write(next, pieces, piece);
  await next.finish();
  await next.close();
  const name = `${"d".repeat(255)}/${"n".repeat(LONGEST_FILE_BYTES - 4)}`;
  assert.deepEqual(next.names(), [`${name}.txt`, `${name} (2).txt`, `${name} (3).txt`]);
  for (const [file, path] of next.names().entries())
    assert.ok(readFileSync(join(folder, path)).equals(given[file]?.bytes as Uint8Array));
});

test("a file is not called, while it comes, like a folder that leads to others", async (context) => {
  const given = ["x", "x.part/b/c"].map((path, seed) => ({ path, bytes: bytesFor(seed + 1, 1500) }));
  const pieces = piecesOf(given, PIECE_BYTES);
  const folder = plant(context);
  const sink = await FileSink.open(folder, ID);
  await sink.open(streamOf(given, PIECE_BYTES));
  for (const piece of pieces.keys()) await write(sink, pieces, piece);
  await sink.finish();
  await sink.close();
  assert.deepEqual(filesIn(folder), ["x (2)", "x.part/b/c"]);
});
