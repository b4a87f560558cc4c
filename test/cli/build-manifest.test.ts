import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MIB } from "#sdk/base/bytes.ts";
import { type ErrorCode, RivuletError } from "#sdk/base/errors.ts";
import { buildManifest } from "#sdk/cli/build-manifest.ts";
import { MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
import { parseManifest } from "#sdk/content/manifest.ts";
import { merkleRoot } from "#sdk/content/merkle.ts";
import { plant } from "./run-cli.ts";

const sha256 = async (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

function fails(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof RivuletError && error.code === code && message.test(error.message);
}

async function pathsOf(options: Parameters<typeof buildManifest>[0]): Promise<string[]> {
  return (await buildManifest(options)).manifest.resources.map(({ path }) => path);
}

test("sizes, piece hashes and roots are those of the files", async (context) => {
  const sizes = [
    0,
    1,
    MIN_PIECE_BYTES - 1,
    MIN_PIECE_BYTES,
    MIN_PIECE_BYTES + 1,
    5 * MIN_PIECE_BYTES + 7,
    40 * MIB,
  ];
  const contents = new Map(sizes.map((size) => [`f${size}`, randomBytes(size)]));
  const directory = plant(context, Object.fromEntries(contents));
  const built = await buildManifest({ directory });
  assert.deepEqual(parseManifest(built.text), built.manifest);
  assert.equal(built.manifest.resources.length, sizes.length);
  for (const resource of built.manifest.resources) {
    const content = contents.get(resource.path) as Buffer;
    assert.equal(resource.sizeBytes, content.byteLength);
    const hashes: Buffer[] = [];
    for (let at = 0; at < content.byteLength; at += resource.pieceBytes) {
      hashes.push(
        createHash("sha256")
          .update(content.subarray(at, at + resource.pieceBytes))
          .digest(),
      );
    }
    assert.deepEqual(Buffer.from(resource.hashes), Buffer.concat(hashes), resource.path);
    assert.deepEqual(resource.root, await merkleRoot(resource.hashes, sha256));
  }
});

test("the same files give the same text, in whatever order they were made", async (context) => {
  const names = ["b.txt", "a/z.txt", "a.txt", "a-b/c", "Z", "é", "a/b/c/d"];
  const one = plant(context, Object.fromEntries(names.map((name) => [name, name])));
  const other = plant(context, Object.fromEntries([...names].reverse().map((name) => [name, name])));
  const { text } = await buildManifest({ directory: one });
  assert.equal((await buildManifest({ directory: other })).text, text);
  const paths = parseManifest(text).resources.map(({ path }) => path);
  assert.deepEqual(paths, [...paths].sort());
});

test("a name is written as in a URL, and resolves to itself", async (context) => {
  const names = [
    "with space.txt",
    "größe – 日本語 🎈.txt",
    "100%.txt",
    "%2e%2e",
    "%41.txt",
    "a#b.txt",
    "a?b=c.txt",
    "a:b.txt",
    "logo@2x (1)+[2]&c=d;e,f!'~*$.png",
    "back\\slash",
    'quo"te<>|^`{}',
    "new\nline",
    "..a",
    "https:/x",
  ].filter((name) => !name.startsWith("."));
  const directory = plant(context, Object.fromEntries(names.map((name) => [name, "x"])));
  const { text } = await buildManifest({ directory });
  const paths = parseManifest(text).resources.map(({ path }) => path);
  assert.deepEqual(paths.map(decodeURIComponent).sort(), [...names].sort());
  for (const path of paths) {
    const url = new URL(path, "https://site.example/dir/");
    assert.deepEqual([url.pathname, url.search, url.hash], [`/dir/${path}`, "", ""]);
  }
  assert.ok(paths.includes("logo@2x%20(1)+%5B2%5D&c=d;e,f!'~*$.png"));
});

test("an empty folder gives a manifest without resources", async (context) => {
  const built = await buildManifest({ directory: plant(context) });
  assert.deepEqual(parseManifest(built.text).resources, []);
});

test("dotfiles and what is in dotted folders are left out", async (context) => {
  const directory = plant(context, { a: "a", ".env": "secret", ".git/config": "x", "b/.c": "x" });
  assert.deepEqual(await pathsOf({ directory }), ["a"]);
});

test("links within the folder are followed; those that lead out, round or nowhere are left out", async (context) => {
  const outside = plant(context, { secret: "s" });
  const directory = plant(context, { a: "a", "deep/b": "b" });
  symlinkSync("a", join(directory, "link"));
  symlinkSync("deep", join(directory, "folder-link"));
  symlinkSync(join(outside, "secret"), join(directory, "out"));
  symlinkSync(outside, join(directory, "out-folder"));
  symlinkSync("nowhere", join(directory, "dangling"));
  symlinkSync("..", join(directory, "deep", "round"));
  const built = await buildManifest({ directory });
  assert.deepEqual(
    built.manifest.resources.map(({ path }) => path),
    ["a", "deep/b", "folder-link/b", "link"],
  );
  assert.equal(built.skippedLinks, 5);
});

test("globs leave out names in any folder, paths from the top, and everything below a folder", async (context) => {
  const files = ["a.map", "b.txt", "src/a.map", "src/deep/c.ts", "src/c.ts", "[x].js", "x.js", "-y"];
  const directory = plant(context, Object.fromEntries(files.map((name) => [name, ""])));
  const left = async (...exclude: string[]) =>
    (await pathsOf({ directory, exclude })).map(decodeURIComponent).sort();
  assert.deepEqual(await left("*.map"), ["-y", "[x].js", "b.txt", "src/c.ts", "src/deep/c.ts", "x.js"]);
  assert.deepEqual(await left("src/"), ["-y", "[x].js", "a.map", "b.txt", "x.js"]);
  assert.deepEqual(await left("src/*.ts", "?.js", "-y"), [
    "[x].js",
    "a.map",
    "b.txt",
    "src/a.map",
    "src/deep/c.ts",
  ]);
  assert.deepEqual(await left("src/**/*.ts", "[x].js", "./b.txt"), ["-y", "a.map", "src/a.map", "x.js"]);
  assert.deepEqual(await left("**"), []);
});

for (const [what, change] of [
  ["grows", (file: string) => appendFileSync(file, "more")],
  ["is cut short", (file: string) => writeFileSync(file, "short")],
  ["is written over", (file: string) => writeFileSync(file, randomBytes(4 * MIB))],
  ["disappears", (file: string) => rmSync(file)],
] as const) {
  test(`a file that ${what} while it is read is an error that names it`, async (context) => {
    const directory = plant(context, { "a/film.mp4": randomBytes(4 * MIB) });
    let changed = false;
    const onBytes = (): void => {
      if (!changed) change(join(directory, "a/film.mp4"));
      changed = true;
    };
    await assert.rejects(buildManifest({ directory, onBytes }), fails("file-unreadable", /"a\/film\.mp4"/));
  });
}

test("limits are checked before hashing, and say what to do", async (context) => {
  const directory = plant(context, { a: randomBytes(3 * MIN_PIECE_BYTES), "long name": "b", c: "c" });
  const onBytes = (): void => assert.fail("hashed in vain");
  const refused = (limits: object, message: RegExp) =>
    assert.rejects(buildManifest({ directory, limits, onBytes }), fails("manifest-too-large", message));
  await refused({ resources: 2 }, /3 files are more than the 2 .*--exclude/);
  await refused({ pieces: 4 }, /5 pieces are more than the 4 .*--exclude/);
  await refused({ pathLength: 10 }, /path of "long name" is over 10 .*--exclude/);
  const enough = { resources: 3, pieces: 5, pathLength: 11 };
  assert.equal((await buildManifest({ directory, limits: enough })).pieces, 5);
  const { text } = await buildManifest({ directory, limits: { manifestBytes: 10_000 } });
  const tight = { directory, limits: { manifestBytes: text.length - 1 } };
  await assert.rejects(buildManifest(tight), fails("manifest-too-large", /would be over .*subfolder/));
});

test("progress adds up to the bytes announced", async (context) => {
  const directory = plant(context, { a: randomBytes(3 * MIN_PIECE_BYTES + 5), b: "b", c: "" });
  let announced = -1;
  let hashed = 0;
  const onPlan = (plan: { totalBytes: number }): void => {
    announced = plan.totalBytes;
  };
  const onBytes = (bytes: number): void => {
    hashed += bytes;
  };
  await buildManifest({ directory, onPlan, onBytes });
  assert.equal(hashed, announced);
});

test("media types follow the extension, and an unknown one is left to the browser", async (context) => {
  const files = ["a.MP4", "b.wasm", "c.toString", "d", "e.m3u8", "png"];
  const directory = plant(context, Object.fromEntries(files.map((name) => [name, ""])));
  const { manifest } = await buildManifest({ directory });
  assert.deepEqual(
    manifest.resources.map(({ mediaType }) => mediaType),
    ["video/mp4", "application/wasm", undefined, undefined, "application/vnd.apple.mpegurl", undefined],
  );
});

test("the manifest's own file is left out wherever it lies", async (context) => {
  const directory = plant(context, { a: "a" });
  mkdirSync(join(directory, "b"));
  writeFileSync(join(directory, "b/m.json"), "old");
  assert.deepEqual(await pathsOf({ directory, omit: join(directory, "b/m.json") }), ["a"]);
});
