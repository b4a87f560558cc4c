import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { listFiles } from "#sdk/cli/list-files.ts";
import { Playlists } from "#sdk/cli/watch/playlists.ts";
import { plant } from "../run-cli.ts";
import { playlist, put } from "./live-stage.ts";

async function namesIn(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  base: string | undefined = undefined,
): Promise<string[]> {
  const directory = plant(context, files);
  const { complete } = await new Playlists(base).read((await listFiles({ directory })).files);
  return [...complete].sort();
}

test("a name is resolved as a URL against the playlist's own folder", async (context) => {
  const uris = [
    "a.ts",
    "x/b.ts?c=/d/e#f",
    "../up.ts",
    "%67r%C3%B6%C3%9Fe 1.ts",
    "gr\u00f6\u00dfe 2.ts",
    "./g.ts",
  ];
  assert.deepEqual(await namesIn(context, { "v/index.m3u8": playlist(uris) }), [
    "up.ts",
    "v/a.ts",
    "v/g.ts",
    "v/gr%C3%B6%C3%9Fe%201.ts",
    "v/gr%C3%B6%C3%9Fe%202.ts",
    "v/x/b.ts",
  ]);
});

test("an absolute URL is a file below the base, or else one beside the playlist", async (context) => {
  const uris = [
    "https://cdn.example/live/w/a.ts",
    "/live/w/b.ts",
    "https://other.example/x/c.ts",
    "http://[broken",
  ];
  const files = { "v/index.m3u8": playlist(uris), "w/a.ts": "a", "w/b.ts": "b", "v/c.ts": "c" };
  assert.deepEqual(await namesIn(context, files, "https://cdn.example/live/"), [
    "v/c.ts",
    "v/index.m3u8",
    "w/a.ts",
    "w/b.ts",
  ]);
  assert.deepEqual(await namesIn(context, files), ["v/a.ts", "v/b.ts", "v/c.ts", "v/index.m3u8"]);
});

test("files of a folder and extension that a playlist names wait for it, even when it is gone for a while", async (context) => {
  const directory = plant(context, {
    "v/index.m3u8": playlist(["a.m4s"], '#EXT-X-MAP:URI="init.mp4"\n#EXT-X-PART:URI="../parts/1.aac"\n'),
    "v/empty.m3u8": "#EXTM3U\n",
    "b.m4s": "",
  });
  const playlists = new Playlists(undefined);
  const { files } = await listFiles({ directory });
  for (const listing of [files, files.filter(({ name }) => name !== "v/index.m3u8")]) {
    const { awaitsName } = await playlists.read(listing);
    const paths = ["v/b.m4s", "v/B.M4S", "v/b.mp4", "parts/2.aac", "b.m4s", "v/x/b.m4s", "v/b.vtt", "v/m4s"];
    assert.deepEqual(paths.map(awaitsName), [true, true, true, true, false, false, false, false]);
  }
});

test("of folders that are gone the last 1,024 are remembered", async (context) => {
  const directory = plant(context, { "index.m3u8": playlist(["a/1.ts", "b/1.ts"]) });
  const playlists = new Playlists(undefined);
  const read = async () => playlists.read((await listFiles({ directory })).files);
  await read();
  const hour = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `hour-${from + index}/1.ts`);
  put(directory, "index.m3u8", playlist(["b/1.ts", ...hour(0, 1023)]));
  await read();
  put(directory, "index.m3u8", playlist([]));
  const { awaitsName } = await read();
  assert.ok(["b/2.ts", "hour-0/2.ts", "hour-1022/2.ts"].every(awaitsName));
  assert.ok(!awaitsName("a/2.ts"));
});

test("a key is one by its name, or for as long as it is there once a playlist named it so", async (context) => {
  const directory = plant(context, {
    "index.m3u8": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k/one.bin"\n',
    "k/one.bin": "1",
  });
  const playlists = new Playlists(undefined);
  const read = async () => playlists.read((await listFiles({ directory })).files);
  assert.deepEqual(["k/one.bin", "k/two.bin", "x.KEY"].map((await read()).isKey), [true, false, true]);
  put(directory, "index.m3u8", "#EXTM3U\n");
  assert.ok((await read()).isKey("k/one.bin"));
  rmSync(join(directory, "k/one.bin"));
  assert.ok(!(await read()).isKey("k/one.bin"));
});
