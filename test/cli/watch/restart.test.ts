import assert from "node:assert/strict";
import { mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readEarlierManifest } from "#sdk/cli/watch/earlier-manifest.ts";
import { MAX_MANIFEST_BYTES } from "#sdk/content/limits.ts";
import { MAX_STREAM_PIECES } from "#sdk/content/live-stream.ts";
import { formatManifest, type Manifest, pieceCount } from "#sdk/content/manifest.ts";
import { plant } from "../run-cli.ts";
import { firsts, playlist, segment, stage } from "./live-stage.ts";

const FOUR = ["0.ts", "1.ts", "2.ts", "3.ts"];
const FILES = Object.fromEntries(FOUR.map((name, index) => [name, segment(index)]));

function liveManifest(nextPiece: number): Manifest {
  return { base: undefined, live: { stream: "AAECAwQFBgcICQoLDA0ODw", nextPiece }, resources: [] };
}

test("a watcher that starts anew goes on with the stream, and files keep their numbers", async (context) => {
  const live = stage(context, { files: { ...FILES, "index.m3u8": playlist(FOUR) } });
  await live.look();
  const before = live.text();
  live.restart();
  assert.deepEqual(await live.look(), FOUR);
  assert.equal(live.text(), before);
});

test("what it missed gets the numbers after the highest that was ever used", async (context) => {
  const live = stage(context, { files: { ...FILES, "index.m3u8": playlist(FOUR) } });
  await live.look();
  const before = live.manifest();
  live.remove("3.ts");
  live.put("1.ts", segment(4));
  live.put("9.ts", segment(5));
  live.put("index.m3u8", playlist(["1.ts", "2.ts", "9.ts"]));
  live.restart();
  await live.look();
  const after = live.manifest();
  assert.equal(after.live?.stream, before.live?.stream);
  assert.deepEqual(Object.keys(firsts(after)).sort(), ["0.ts", "1.ts", "2.ts", "9.ts"]);
  for (const name of ["0.ts", "2.ts"]) assert.equal(firsts(after)[name], firsts(before)[name]);
  const fresh = [firsts(after)["1.ts"] ?? 0, firsts(after)["9.ts"] ?? 0];
  assert.equal(Math.min(...fresh), before.live?.nextPiece);
});

test("a file of the same size that is other than it was is not taken for it, nor listed half written", async (context) => {
  const files = { "0.ts": new Uint8Array(500), "1.ts": segment(1), "index.m3u8": playlist(["0.ts", "1.ts"]) };
  const live = stage(context, { files });
  await live.look();
  live.put("index.m3u8", playlist(["1.ts"]));
  live.write("0.ts", new Uint8Array(500).fill(7));
  live.restart();
  assert.deepEqual(await live.look(), ["1.ts"]);
  assert.deepEqual(await live.settle(), ["1.ts"]);
});

test("files that no playlist names are listed at once when they are as they were", async (context) => {
  const live = stage(context, { files: { "a.m4s": segment(0), "index.mpd": "<MPD/>" } });
  await live.settle();
  const before = live.text();
  live.restart();
  assert.deepEqual(await live.look(), ["a.m4s"]);
  assert.equal(live.text(), before);
});

test("the numbers of an empty manifest are not used again", async (context) => {
  const live = stage(context, {
    files: { "0.ts": "x", "index.m3u8": playlist(["0.ts"]) },
    continued: liveManifest(77),
  });
  await live.look();
  assert.equal(firsts(live.manifest())["0.ts"], 77);
});

test("when the numbers are used up, a new stream begins and everything is numbered anew", async (context) => {
  const live = stage(context, {
    files: { "0.ts": "x", "1.ts": "y", "2.ts": "z", "index.m3u8": playlist(["0.ts", "1.ts"]) },
    continued: liveManifest(MAX_STREAM_PIECES - 2),
  });
  await live.look();
  const last = live.manifest();
  assert.deepEqual(firsts(last), { "0.ts": MAX_STREAM_PIECES - 2, "1.ts": MAX_STREAM_PIECES - 1 });
  assert.deepEqual(live.told, []);
  live.put("index.m3u8", playlist(["0.ts", "1.ts", "2.ts"]));
  assert.deepEqual(await live.look(), ["0.ts", "1.ts", "2.ts"]);
  const next = live.manifest();
  assert.notEqual(next.live?.stream, last.live?.stream);
  assert.deepEqual(firsts(next), { "0.ts": 0, "1.ts": 1, "2.ts": 2 });
  assert.match(live.told.join("\n"), /^The stream's piece numbers are used up: a new stream begins\.$/);
});

test("what lies in the manifest's place and is no live one is told about, and replaced", async (context) => {
  const folder = plant(context, {
    "half.json": '{"rivulet":1,"live":{"str',
    "foreign.json": '{"name":"a package"}',
    "still.json": formatManifest({ base: undefined, resources: [] }),
    "live.json": formatManifest(liveManifest(5)),
    "huge.json": "",
  });
  truncateSync(join(folder, "huge.json"), MAX_MANIFEST_BYTES + 1);
  mkdirSync(join(folder, "folder.json"));
  for (const [name, sentence] of [
    ["missing.json", /^$/],
    ["missing/m.json", /^$/],
    ["live.json", /^$/],
    ["half.json", /half\.json" is replaced by .* a new stream: what was there is not a sound manifest\.$/],
    ["foreign.json", /foreign\.json" is replaced by .* not a sound manifest\.$/],
    ["still.json", /still\.json" was a manifest of files that stay as they are; it is replaced/],
    ["huge.json", /huge\.json" is replaced by .* cannot be read \(it has over 67108864 bytes\)/],
    ["folder.json", /folder\.json" is replaced by .* cannot be read \(EISDIR/],
  ] as const) {
    const told: string[] = [];
    const manifest = await readEarlierManifest(join(folder, name), (text) => told.push(text));
    assert.match(told.join("\n"), sentence);
    assert.deepEqual(manifest, name === "live.json" ? liveManifest(5) : undefined);
  }
});

test("the same number never has two hashes, whatever happens to the files", async (context) => {
  const live = stage(context, { files: { "index.m3u8": playlist([]) } });
  const hashes = new Map<number, string>();
  for (let round = 0; round < 12; round++) {
    const names = [0, 1, 2].map((offset) => `${(round + offset) % 4}.ts`);
    for (const name of names) if ((round + name.charCodeAt(0)) % 3 === 0) live.put(name, segment(round));
    live.put("index.m3u8", playlist(names));
    if (round % 3 === 2) live.restart();
    await live.settle();
    for (const resource of live.manifest().resources) {
      for (let piece = 0; piece < pieceCount(resource); piece++) {
        const number = (resource.firstPiece ?? assert.fail()) + piece;
        const hash = Buffer.from(resource.hashes.subarray(piece * 32, piece * 32 + 32)).toString("hex");
        assert.equal(hashes.get(number) ?? hash, hash, `piece ${number} in round ${round}`);
        hashes.set(number, hash);
      }
    }
  }
  assert.ok(hashes.size > 12);
});
