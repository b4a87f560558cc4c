import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it, test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { fingerprint } from "#sdk/cli/list-files.ts";
import { FileSource, openFileSource } from "#sdk/cli/share/file-source.ts";
import type { FileToShare } from "#sdk/cli/share/shared-files.ts";
import { FileStream } from "#sdk/content/share/file-stream.ts";
import { describeShareSource } from "../contract/share-source.ts";
import { plant } from "./run-cli.ts";

const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "rivulet-source-"));
  made.push(path);
  return path;
}

describeShareSource("files of a disk as a source", {
  describe: (name, define) => void describe(name, define),
  it: (name, run) => void it(name, run),
  async open(given) {
    const root = folder();
    const files = given.map(({ path, bytes }): FileToShare => {
      const location = join(root, path);
      mkdirSync(dirname(location), { recursive: true });
      writeFileSync(location, bytes);
      const stats = statSync(location, { bigint: true });
      const [sizeBytes, modifiedMs] = [bytes.byteLength, Number(stats.mtimeNs) / 1e6];
      return { name: path, location, sizeBytes, modifiedMs, fingerprint: fingerprint(stats) };
    });
    return {
      source: new FileSource({ files, hidden: 0, links: 0 }),
      change: async (path) => {
        writeFileSync(join(root, path), new Uint8Array(statSync(join(root, path)).size));
        utimesSync(join(root, path), 7, 7);
      },
    };
  },
});

test("a folder keeps its name, and what starts with a dot or leads out of it stays behind", async (context) => {
  const root = plant(context, {
    "trip/b.txt": "bb",
    "trip/day 2/a.txt": "a",
    "trip/.secret": "s",
    "trip/.git/config": "c",
    "out.txt": "outside",
  });
  symlinkSync(join(root, "out.txt"), join(root, "trip/link.txt"));
  symlinkSync("b.txt", join(root, "trip/inside.txt"));
  const source = await openFileSource([join(root, "trip/"), join(root, "out.txt")]);
  const paths = source.files.map(({ path }) => path);
  assert.deepEqual(paths, ["trip/b.txt", "trip/day 2/a.txt", "trip/inside.txt", "out.txt"]);
  assert.deepEqual([source.hidden, source.links], [2, 1]);
  assert.equal(source.files[0]?.modifiedAt, Math.floor(statSync(join(root, "trip/b.txt")).mtimeMs));
  await source.close();
});

test("two things of one name cannot be sent together, and what is not there is named", async (context) => {
  const root = plant(context, { "x/a": "1", "y/a": "2" });
  const refused = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof RivuletError && error.code === code && message.test(error.message);
  const both = openFileSource([join(root, "x/a"), join(root, "y/a")]);
  await assert.rejects(both, refused("bad-option", /both named "a"/));
  await assert.rejects(openFileSource([join(root, "z")]), refused("file-unreadable", /z"/));
});

test("a file that is deleted while it is sent fails by its name", async (context) => {
  const root = plant(context, { "a.txt": "a" });
  const source = await openFileSource([join(root, "a.txt")]);
  rmSync(join(root, "a.txt"));
  await assert.rejects(source.read(new FileStream(source.files), 0), { code: "file-unreadable" });
  await source.close();
});

test("ten thousand files are hashed and read in a few times what reading them takes, in the memory of a few pieces", async (context) => {
  const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`many/${i}`, `file ${i}`]));
  const folder = join(plant(context, files), "many");
  const source = await openFileSource([folder]);
  const stream = new FileStream(source.files);
  const plainlyAt = performance.now();
  for (let twice = 0; twice < 2; twice++)
    for (const { path } of source.files) await readFile(join(folder, "..", path));
  const startedAt = performance.now();
  let hashes = 0;
  for await (const part of source.hashes(stream, new AbortController().signal))
    hashes += part.byteLength / 32;
  for (let piece = 0; piece < stream.pieceCount; piece++) await source.read(stream, piece);
  const ratio = (performance.now() - startedAt) / (startedAt - plainlyAt);
  context.diagnostic(`${stream.files.length} files, twice: ${ratio.toFixed(2)} of reading each by itself`);
  assert.equal(hashes, stream.pieceCount);
  assert.ok(ratio < 4, `${ratio}`);
  assert.ok(process.memoryUsage().arrayBuffers < 16 * MIB);
  await source.close();
});
