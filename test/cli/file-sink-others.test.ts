import assert from "node:assert/strict";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { link } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FileSink } from "#sdk/cli/share/file-sink.ts";
import { moveNew } from "#sdk/cli/share/new-name.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { bytesFor, type Given, piecesOf, streamOf } from "../contract/share-bytes.ts";
import { write } from "../contract/share-sink.ts";
import { filesIn, plant } from "./run-cli.ts";

/* Others put files into the folder of a share too, at any time. */

const PIECE_BYTES = 1000;

interface Share {
  readonly id: string;
  readonly given: readonly Given[];
  readonly stream: FileStream;
  readonly pieces: readonly Uint8Array[];
}

function shareOf(id: string, given: readonly Given[]): Share {
  return {
    id: id.repeat(64),
    given,
    stream: streamOf(given, PIECE_BYTES),
    pieces: piecesOf(given, PIECE_BYTES),
  };
}

/** Each has a photo.jpg and a file of no bytes, and nothing else in common with the other. */
function album(seed: number): Share {
  return shareOf(`${seed}`, [
    { path: `${seed}.txt`, bytes: bytesFor(seed + 10, 3000) },
    { path: "photo.jpg", bytes: bytesFor(seed, 5000) },
    { path: "void", bytes: bytesFor(0, 0) },
  ]);
}

const ONE = album(1);
const OTHER = album(2);

async function visit(folder: string, { id, stream }: Share): Promise<FileSink> {
  const sink = await FileSink.open(folder, id);
  await sink.open(stream);
  return sink;
}

async function writeFrom(sink: FileSink, { pieces }: Share, first: number, end = pieces.length) {
  for (let piece = first; piece < end; piece++) await write(sink, pieces, piece);
}

function assertRight(folder: string, sink: FileSink, { given }: Share): void {
  for (const [file, name] of sink.names().entries())
    assert.ok(readFileSync(join(folder, name)).equals(given[file]?.bytes as Uint8Array), name);
}

const BOTH = ["1.txt", "2.txt", "photo (2).jpg", "photo.jpg", "void", "void (2)"];

test("two shares that are received into one folder at once do not write into each other's files", async (context) => {
  const folder = plant(context);
  const one = await visit(folder, ONE);
  const other = await visit(folder, OTHER);
  for (const piece of ONE.pieces.keys()) {
    await write(one, ONE.pieces, piece);
    await write(other, OTHER.pieces, piece);
  }
  await Promise.all([one.finish(), other.finish()]);
  assertRight(folder, one, ONE);
  assertRight(folder, other, OTHER);
  assert.deepEqual(
    filesIn(folder).filter((name) => !name.endsWith(".lock")),
    BOTH,
  );
  await one.close();
  await other.close();
});

test("a share that has ended keeps its file when one that began before it goes on", async (context) => {
  const folder = plant(context);
  const one = await visit(folder, ONE);
  const other = await visit(folder, OTHER);
  await writeFrom(one, ONE, 0, 5);
  await writeFrom(other, OTHER, 0);
  await other.finish();
  await writeFrom(one, ONE, 5);
  await one.finish();
  assertRight(folder, one, ONE);
  assertRight(folder, other, OTHER);
  await one.close();
  await other.close();
});

test("the next visit does not take another share's part for its own, though it had chosen the name first", async (context) => {
  const folder = plant(context);
  const one = await visit(folder, ONE);
  // It has not come to its photo.
  await writeFrom(one, ONE, 0, 3);
  await one.close();
  const other = await visit(folder, OTHER);
  await writeFrom(other, OTHER, 0, 6);
  await other.close();
  const again = await visit(folder, ONE);
  await writeFrom(again, ONE, 3);
  await again.finish();
  const last = await visit(folder, OTHER);
  for (let piece = 0; piece < 6; piece++) assert.deepEqual(await last.read(piece), OTHER.pieces[piece]);
  await writeFrom(last, OTHER, 6);
  await last.finish();
  assertRight(folder, again, ONE);
  assertRight(folder, last, OTHER);
  await again.close();
  await last.close();
});

test("a part that somebody makes after the names were chosen is left alone, and the new name is kept", async (context) => {
  const folder = plant(context);
  const sink = await visit(folder, ONE);
  const mine = "mine ".repeat(2000);
  writeFileSync(join(folder, "photo.jpg.part"), mine);
  writeFileSync(join(folder, "photo (2).jpg"), mine);
  await writeFrom(sink, ONE, 0, 5);
  await sink.close();
  const next = await visit(folder, ONE);
  assert.equal(next.names()[1], "photo (3).jpg");
  assert.deepEqual(await next.read(4), ONE.pieces[4]);
  await writeFrom(next, ONE, 5);
  await next.finish();
  await next.close();
  assertRight(folder, next, ONE);
  assert.deepEqual(filesIn(folder), ["1.txt", "photo (2).jpg", "photo (3).jpg", "photo.jpg.part", "void"]);
  for (const name of ["photo.jpg.part", "photo (2).jpg"])
    assert.equal(readFileSync(join(folder, name), "utf8"), mine);
});

test("a folder that is called like a part makes no part of it", async (context) => {
  const folder = plant(context);
  const sink = await visit(folder, ONE);
  mkdirSync(join(folder, "photo.jpg.part"));
  await writeFrom(sink, ONE, 0);
  await sink.finish();
  assert.equal(sink.names()[1], "photo (2).jpg");
  assertRight(folder, sink, ONE);
  await sink.close();
});

const LINKS = {
  with: link,
  without: () => Promise.reject(Object.assign(new Error("not permitted"), { code: "EPERM" })),
};

for (const [how, linkFile] of Object.entries(LINKS))
  test(`a file gets a name that is free, and no other, on a disk ${how} hard links`, async (context) => {
    const folder = plant(context, { from: "ours", taken: "mine" });
    const [from, taken, free] = [join(folder, "from"), join(folder, "taken"), join(folder, "free")];
    assert.equal(await moveNew(from, taken, linkFile), false);
    assert.equal(readFileSync(taken, "utf8"), "mine");
    assert.equal(await moveNew(from, free, linkFile), true);
    assert.equal(readFileSync(free, "utf8"), "ours");
    assert.deepEqual(filesIn(folder), ["free", "taken"]);
    await assert.rejects(moveNew(from, `${free} 2`, linkFile), { code: "ENOENT" });
  });

/** All of the share is there, and its files have no names yet. */
async function whole(context: TestContext): Promise<{ readonly folder: string; readonly sink: FileSink }> {
  const folder = plant(context);
  const sink = await visit(folder, ONE);
  await writeFrom(sink, ONE, 0);
  return { folder, sink };
}

test("a part that has to be called otherwise at the end writes over no other part", async (context) => {
  const { folder, sink } = await whole(context);
  for (const name of ["photo.jpg", "photo (2).jpg.part"]) writeFileSync(join(folder, name), "mine");
  await sink.finish();
  await sink.close();
  assert.equal(sink.names()[1], "photo (3).jpg");
  assertRight(folder, sink, ONE);
  for (const name of ["photo.jpg", "photo (2).jpg.part"])
    assert.equal(readFileSync(join(folder, name), "utf8"), "mine");
});

test("a visit that ended while a file had both its names leaves one file", async (context) => {
  const { folder, sink } = await whole(context);
  await sink.close();
  linkSync(join(folder, "photo.jpg.part"), join(folder, "photo.jpg"));
  const next = await visit(folder, ONE);
  await next.finish();
  await next.close();
  assertRight(folder, next, ONE);
  assert.deepEqual(filesIn(folder), ["1.txt", "photo.jpg", "void"]);
});

test("a part that was removed while everything came is missed at the end, and received anew at the next visit", async (context) => {
  const { folder, sink } = await whole(context);
  rmSync(join(folder, "photo.jpg.part"));
  await assert.rejects(sink.finish(), {
    code: "file-unwritable",
    message: /^"photo\.jpg\.part" was removed while it was received\. Run this again/,
  });
  await sink.close();
  assert.ok(!existsSync(join(folder, "photo.jpg")));
  const next = await visit(folder, ONE);
  assert.equal(await next.read(5), undefined);
  await writeFrom(next, ONE, 3);
  await next.finish();
  await next.close();
  assertRight(folder, next, ONE);
});

test("files without dates that have their names are known as received at every visit until all have theirs", async (context) => {
  const files = ONE.stream.files.map(({ path, sizeBytes }) => ({ path, sizeBytes }));
  const undated: Share = { ...ONE, stream: new FileStream(files, PIECE_BYTES) };
  const folder = plant(context);
  const first = await visit(folder, undated);
  await writeFrom(first, undated, 0);
  rmSync(join(folder, "photo.jpg.part"));
  await assert.rejects(first.finish());
  await first.close();
  // Somebody else's by now, so that another name is chosen for it, and noted.
  writeFileSync(join(folder, "photo.jpg"), "mine");
  mkdirSync(join(folder, "photo.jpg.part"));
  const next = await visit(folder, undated);
  await write(next, undated.pieces, 3);
  await next.close();
  const last = await visit(folder, undated);
  for (let piece = 0; piece < 4; piece++) assert.deepEqual(await last.read(piece), undated.pieces[piece]);
  await writeFrom(last, undated, 4);
  await last.finish();
  await last.close();
  assert.deepEqual(filesIn(folder), ["1.txt", "photo (2).jpg", "photo.jpg", "void"]);
  assertRight(folder, last, undated);
});

test("a part that somebody made shorter or longer does not get the file's name", async (context) => {
  for (const length of [4999, 5001]) {
    const { folder, sink } = await whole(context);
    writeFileSync(join(folder, "photo.jpg.part"), new Uint8Array(length));
    await assert.rejects(sink.finish(), {
      code: "file-unwritable",
      message: /^"photo\.jpg\.part" was changed while it was received\. Delete it and run this again/,
    });
    await sink.close();
    assert.ok(!existsSync(join(folder, "photo.jpg")));
  }
});

/** More files than are kept open. */
const MANY = shareOf(
  "3",
  Array.from({ length: 100 }, (_, at) => ({ path: `${at}`, bytes: bytesFor(at, 1500) })),
);

test("a part that was removed is not made again with holes where the earlier pieces were", async (context) => {
  const folder = plant(context);
  const sink = await visit(folder, MANY);
  await write(sink, MANY.pieces, 0);
  // Others are used until this one is not open any more.
  await writeFrom(sink, MANY, 2);
  rmSync(join(folder, "0.part"));
  await assert.rejects(write(sink, MANY.pieces, 1), { code: "file-unwritable", message: /removed/ });
  assert.ok(!existsSync(join(folder, "0.part")));
  await sink.close();
});

test("others can read every piece while the files get their names, and no part is made again", async (context) => {
  for (let round = 0; round < 5; round++) {
    const folder = plant(context);
    const sink = await visit(folder, MANY);
    const { pieces } = MANY;
    await writeFrom(sink, MANY, 0);
    let isFinished = false;
    const reader = async (first: number) => {
      for (let piece = first; !isFinished; piece = (piece + 3) % pieces.length)
        assert.deepEqual(await sink.read(piece), pieces[piece]);
    };
    const readers = Promise.all(Array.from({ length: 8 }, (_, first) => reader(first)));
    await Promise.all([readers, sink.finish().finally(() => (isFinished = true))]);
    for (const piece of pieces.keys()) assert.deepEqual(await sink.read(piece), pieces[piece]);
    await sink.close();
    assert.deepEqual(filesIn(folder), MANY.given.map(({ path }) => path).sort());
    assertRight(folder, sink, MANY);
  }
});
