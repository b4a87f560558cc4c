import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext, test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { checkRoom } from "#sdk/cli/share/disk-room.ts";
import { FileSink } from "#sdk/cli/share/file-sink.ts";
import { localPath, TakenNames } from "#sdk/cli/share/local-paths.ts";
import type { FileStream } from "#sdk/content/share/file-stream.ts";
import { bytesFor, CROSSING, type Given, MODIFIED_AT, piecesOf, streamOf } from "../contract/share-bytes.ts";
import { describeShareSink, write } from "../contract/share-sink.ts";
import { filesIn, plant } from "./run-cli.ts";

const ID = "0123456789abcdef".repeat(4);
const PIECE_BYTES = 1000;
const stream = streamOf(CROSSING, PIECE_BYTES);
const pieces = piecesOf(CROSSING, PIECE_BYTES);

const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describeShareSink("a folder as a sink", {
  describe: (name, define) => void describe(name, define),
  it: (name, run) => void it(name, run),
  // A finished share leaves nothing behind that the next one would know it by; the rest is tested below.
  isKept: false,
  async place() {
    const folder = mkdtempSync(join(tmpdir(), "rivulet-sink-"));
    made.push(folder);
    return () => FileSink.open(folder, ID);
  },
});

async function received(folder: string, from: readonly number[], given = stream): Promise<FileSink> {
  const sink = await FileSink.open(folder, ID);
  await sink.open(given);
  for (const piece of from) await write(sink, pieces, piece);
  return sink;
}

function assertWhole(folder: string, given: readonly Given[] = CROSSING): void {
  for (const { path, bytes } of given) assert.ok(readFileSync(join(folder, path)).equals(bytes), path);
}

const ALL = pieces.map((_, piece) => piece);

test("files have their names and dates once all of them are whole, and nothing else is left", async (context) => {
  const folder = plant(context);
  const sink = await received(folder, ALL);
  await sink.keepDescription(bytesFor(1, 100));
  assert.ok(filesIn(folder).includes("trip/one.jpg.part"));
  assert.ok(!existsSync(join(folder, "trip/one.jpg")));
  await sink.finish();
  await sink.keepDescription(bytesFor(1, 100));
  await sink.close();
  assert.deepEqual(filesIn(folder), CROSSING.map(({ path }) => path).sort());
  assertWhole(folder);
  for (const { path } of CROSSING) assert.equal(statSync(join(folder, path)).mtimeMs, MODIFIED_AT);
});

test("what was written is there at the next visit, wherever the last one was cut off", async (context) => {
  for (const cut of [1, 5, ALL.length]) {
    const folder = plant(context);
    // Neither closed nor finished: as after SIGKILL, when the lock names a process that is gone.
    const before = await received(folder, ALL.slice(0, cut));
    await before.keepDescription(bytesFor(1, 100));
    writeFileSync(join(folder, `.rivulet-${ID.slice(0, 16)}.lock`), "4194305");
    const next = await FileSink.open(folder, ID);
    assert.deepEqual(await next.description(), bytesFor(1, 100));
    assert.equal(await next.open(stream), cut);
    for (const piece of ALL)
      assert.deepEqual(await next.read(piece), piece < cut ? pieces[piece] : undefined, `piece ${piece}`);
    for (const piece of ALL.slice(cut)) await write(next, pieces, piece);
    await next.finish();
    await next.close();
    assertWhole(folder);
  }
});

test("a visit that ended while files got their names is finished by the next", async (context) => {
  const folder = plant(context);
  const sink = await received(folder, ALL);
  // The name is taken by a folder that is not empty, half way through.
  const inTheWay = join(folder, "film.mp4.part");
  const bytes = readFileSync(inTheWay);
  rmSync(inTheWay);
  await assert.rejects(sink.finish());
  await sink.close();
  assert.ok(existsSync(join(folder, "trip/one.jpg")));
  writeFileSync(inTheWay, bytes);
  const next = await FileSink.open(folder, ID);
  assert.equal(await next.open(stream), pieces.length);
  assert.deepEqual(await next.read(3), pieces[3]);
  await next.finish();
  await next.close();
  assert.deepEqual(filesIn(folder), CROSSING.map(({ path }) => path).sort());
  assertWhole(folder);
});

test("a file that was there already is left alone", async (context) => {
  const folder = plant(context, { "film.mp4": "mine", "trip/one.jpg": "mine", "trip/two.jpg.part": "mine" });
  const sink = await received(folder, ALL);
  // And one that somebody makes while the files come.
  writeFileSync(join(folder, "trip/day 2/é.txt"), "mine");
  await sink.finish();
  const found = Object.fromEntries(CROSSING.map(({ path }, file) => [path, sink.names()[file]]));
  assert.equal(found["film.mp4"], "film (2).mp4");
  assert.equal(found["trip/one.jpg"], "trip/one (2).jpg");
  assert.equal(found["trip/two.jpg"], "trip/two (2).jpg");
  assert.equal(found["trip/day 2/é.txt"], "trip/day 2/é (2).txt");
  await sink.close();
  for (const path of ["film.mp4", "trip/one.jpg", "trip/two.jpg.part", "trip/day 2/é.txt"])
    assert.equal(readFileSync(join(folder, path), "utf8"), "mine");
  assert.ok(readFileSync(join(folder, "film (2).mp4")).equals(CROSSING[6]?.bytes as Uint8Array));
});

test("the names that were chosen are kept for the next visit", async (context) => {
  const folder = plant(context, { "film.mp4": "mine" });
  await (await received(folder, ALL.slice(0, 9))).close();
  rmSync(join(folder, "film.mp4"));
  const next = await FileSink.open(folder, ID);
  assert.equal(await next.open(stream), 9);
  assert.equal(next.names()[6], "film (2).mp4");
  await next.close();
});

test("files whose names only differ by what unfinished ones are called do not meet", async (context) => {
  const given = ["a", "a.part", "a.part.part"].map((path, seed) => ({
    path,
    bytes: bytesFor(seed + 1, 1500),
  }));
  const folder = plant(context);
  const sink = await FileSink.open(folder, ID);
  await sink.open(streamOf(given, PIECE_BYTES));
  const all = piecesOf(given, PIECE_BYTES);
  for (const piece of all.keys()) await write(sink, all, piece);
  await sink.finish();
  for (const [file, name] of sink.names().entries())
    assert.ok(readFileSync(join(folder, name)).equals(given[file]?.bytes as Uint8Array), name);
  await sink.close();
});

async function refusedBy(given: FileStream, folder: string): Promise<unknown> {
  const sink = await FileSink.open(folder, ID);
  try {
    await sink.open(given);
    await sink.write(0, new Uint8Array(given.lengthOf(0)));
    return undefined;
  } catch (error) {
    return error instanceof RivuletError ? error.code : error;
  } finally {
    await sink.close();
  }
}

test("no path leads out of the folder, nor does a link that is in it", async (context) => {
  const outside = plant(context);
  const folder = plant(context);
  symlinkSync(outside, join(folder, "trip"));
  for (const path of ["../x", "/x", "a/../../x", "a//b", "a/\0", ""])
    assert.equal(
      await refusedBy(streamOf([{ path, bytes: bytesFor(1, 10) }], PIECE_BYTES), folder),
      "share-malformed",
      path,
    );
  assert.equal(
    await refusedBy(streamOf([{ path: "trip/a", bytes: bytesFor(1, 10) }], PIECE_BYTES), folder),
    "file-unwritable",
  );
  assert.deepEqual(readdirSync(outside), []);
});

test("names that Windows would take for something else get others there", () => {
  const given = ["a/b.txt", "C:evil", "..\\up", "NUL", "com1.txt", "dot.", "what?", "conx"];
  const there = given.map((path) => localPath(path, "win32"));
  assert.deepEqual(there, ["a/b.txt", "C_evil", ".._up", "_NUL", "_com1.txt", "dot_", "what_", "conx"]);
  assert.deepEqual(
    given.map((path) => localPath(path, "linux")),
    given,
  );
  for (const [platform, expected] of [
    ["win32", "a (2).txt"],
    ["darwin", "a (2).txt"],
    ["linux", "a.txt"],
  ] as const) {
    const taken = new TakenNames(platform);
    taken.take("A.TXT");
    assert.equal(taken.take("a.txt"), expected);
  }
});

test("without room for it nothing is begun, and the message says how much is missing", async (context) => {
  await assert.rejects(
    checkRoom("x", 3 * 1024 ** 3, async () => 1024 ** 3),
    {
      code: "storage-full",
      message: /3\.0 GiB are needed, 1\.0 GiB are free\. Make room for 2\.0 GiB/,
    },
  );
  const folder = plant(context);
  const huge = { ...stream.files[6], path: "huge", sizeBytes: 2 ** 52 };
  const { FileStream } = await import("#sdk/content/share/file-stream.ts");
  assert.equal(await refusedBy(new FileStream([huge]), folder), "storage-full");
  assert.deepEqual(filesIn(folder), []);
});

test("the same share is not received into one folder twice at once", async (context) => {
  const folder = plant(context);
  writeFileSync(join(folder, `.rivulet-${ID.slice(0, 16)}.lock`), String(process.ppid));
  await assert.rejects(FileSink.open(folder, ID), { code: "share-open-elsewhere" });
});

test("a folder that cannot be made says so", async (context) => {
  const folder = plant(context, { file: "x" });
  await assert.rejects(FileSink.open(join(folder, "file/below"), ID), { code: "file-unwritable" });
});

test("ten thousand files are written in a moment, with few of them open", async (context: TestContext) => {
  const given = Array.from({ length: 10_000 }, (_, at) => ({
    path: `many/${at % 100}/${at}`,
    bytes: bytesFor(at, 20),
  }));
  const folder = plant(context);
  const sink = await FileSink.open(folder, ID);
  const many = streamOf(given, 65_536);
  const startedAt = performance.now();
  await sink.open(many);
  const all = piecesOf(given, 65_536);
  for (const piece of all.keys()) {
    await write(sink, all, piece);
    const open = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
    assert.ok(open < 150, `${open} files are open`);
  }
  await sink.finish();
  context.diagnostic(`${many.files.length} files in ${Math.round(performance.now() - startedAt)} ms`);
  assertWhole(folder, given);
  await sink.close();
});
