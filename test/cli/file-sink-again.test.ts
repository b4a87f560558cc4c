import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { FileSink } from "#sdk/cli/share/file-sink.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { CROSSING, MODIFIED_AT, piecesOf, streamOf } from "../contract/share-bytes.ts";
import { write } from "../contract/share-sink.ts";
import { filesIn, plant } from "./run-cli.ts";

const ID = "0123456789abcdef".repeat(4);
const PIECE_BYTES = 1000;
const stream = streamOf(CROSSING, PIECE_BYTES);
const pieces = piecesOf(CROSSING, PIECE_BYTES);
const FILM = "film.mp4";

/** A folder into which all of the share was received. */
async function receivedBefore(context: TestContext): Promise<string> {
  const folder = plant(context);
  const sink = await FileSink.open(folder, ID);
  await sink.open(stream);
  for (const piece of pieces.keys()) await write(sink, pieces, piece);
  await sink.finish();
  await sink.close();
  return folder;
}

const ALL_FILES = CROSSING.map(({ path }) => path).sort();

/** Writes something else of the film's length. */
function replaceFilm(folder: string, modifiedAt: number): Buffer {
  const other = Buffer.alloc(readFileSync(join(folder, FILM)).byteLength, "x");
  writeFileSync(join(folder, FILM), other);
  utimesSync(join(folder, FILM), new Date(modifiedAt), new Date(modifiedAt));
  return other;
}

test("what was received before is had, and its files keep their names", async (context) => {
  const folder = await receivedBefore(context);
  const again = await FileSink.open(folder, ID);
  assert.equal(await again.open(stream), pieces.length);
  for (const [piece, bytes] of pieces.entries()) assert.deepEqual(await again.read(piece), bytes);
  await again.finish();
  await again.close();
  assert.deepEqual(
    again.names(),
    stream.files.map(({ path }) => path),
  );
  assert.deepEqual(filesIn(folder), ALL_FILES);
});

test("only the file that is missing is made again, though its first and last pieces belong to others too", async (context) => {
  const folder = await receivedBefore(context);
  const missing = CROSSING[1]?.path as string;
  rmSync(join(folder, missing));
  const again = await FileSink.open(folder, ID);
  await again.open(stream);
  const lost: number[] = [];
  for (const piece of pieces.keys()) if (!(await again.read(piece))) lost.push(piece);
  assert.ok(lost.length > 0 && lost.length < pieces.length, `${lost}`);
  // Ended here, and gone on with.
  await again.close();
  const last = await FileSink.open(folder, ID);
  await last.open(stream);
  for (const piece of lost) await write(last, pieces, piece);
  await last.finish();
  await last.close();
  assert.deepEqual(filesIn(folder), ALL_FILES);
  assert.ok(readFileSync(join(folder, missing)).equals(CROSSING[1]?.bytes as Uint8Array));
});

test("another file of the same length and date is not written over: the message says what to do", async (context) => {
  const folder = await receivedBefore(context);
  const other = replaceFilm(folder, MODIFIED_AT);
  const again = await FileSink.open(folder, ID);
  await again.open(stream);
  const wrong: number[] = [];
  for (const [piece, bytes] of pieces.entries())
    if (!(await again.read(piece))?.every((byte, at) => byte === bytes[at])) wrong.push(piece);
  assert.ok(wrong.length > 0);
  await assert.rejects(write(again, pieces, wrong[1] as number), (error) => {
    assert.ok(error instanceof RivuletError && error.code === "file-unwritable");
    assert.match(
      error.message,
      /^"film\.mp4" is there already, as long and as old, but is another\. Move it away/,
    );
    return true;
  });
  await again.close();
  assert.ok(readFileSync(join(folder, FILM)).equals(other));
});

test("another file of the same length, but younger, keeps its name", async (context) => {
  const folder = await receivedBefore(context);
  const other = replaceFilm(folder, MODIFIED_AT + 2000);
  const again = await FileSink.open(folder, ID);
  await again.open(stream);
  assert.equal(again.names()[stream.files.findIndex(({ path }) => path === FILM)], "film (2).mp4");
  for (const piece of pieces.keys()) await write(again, pieces, piece);
  await again.finish();
  await again.close();
  assert.ok(readFileSync(join(folder, FILM)).equals(other));
  assert.ok(readFileSync(join(folder, "film (2).mp4")).equals(CROSSING[6]?.bytes as Uint8Array));
});

test("who gives up deletes nothing that was received before", async (context) => {
  const folder = await receivedBefore(context);
  rmSync(join(folder, FILM));
  const again = await FileSink.open(folder, ID);
  await again.open(stream);
  await write(again, pieces, pieces.length - 1);
  await again.remove();
  assert.deepEqual(
    filesIn(folder),
    ALL_FILES.filter((path) => path !== FILM),
  );
});

test("no room is asked for of a file that is there already, however little its disk takes for it", async (context) => {
  const sizeBytes = 2 ** 43;
  const folder = plant(context, { "disk.img": "x" });
  const file = join(folder, "disk.img");
  truncateSync(file, sizeBytes);
  utimesSync(file, new Date(MODIFIED_AT), new Date(MODIFIED_AT));
  const given = new FileStream([{ path: "disk.img", sizeBytes, modifiedAt: MODIFIED_AT }]);
  const sink = await FileSink.open(folder, ID);
  assert.equal(await sink.open(given), given.pieceCount);
  await sink.close();
});
