import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SETTLE_MS } from "#sdk/cli/watch/segment-folder.ts";
import { firsts, playlist, segment, stage } from "./live-stage.ts";

const MAP = '#EXT-X-MAP:URI="init.mp4"\n';

test("a live manifest is there before the first segment is", async (context) => {
  const live = stage(context);
  assert.deepEqual(await live.look(), []);
  assert.match(live.manifest().live?.stream ?? "", /^[\w-]{22}$/);
});

test("a segment is listed once the playlist names it, and not while it is written", async (context) => {
  const names = ["segment-0.m4s"];
  const live = stage(context, {
    files: { "init.mp4": segment(3), "segment-0.m4s": segment(0), "index.m3u8": playlist(names, MAP) },
  });
  assert.deepEqual((await live.look()).sort(), ["init.mp4", ...names]);
  for (let index = 1; index < 4; index++) {
    const name = `segment-${index}.m4s`;
    live.write(name, segment(index).subarray(0, segment(index).length / 2));
    assert.ok(!(await live.settle()).includes(name), "half of it");
    live.write(name, segment(index));
    assert.ok(!(await live.settle()).includes(name), "all of it, but nobody says so");
    names.push(name);
    live.put("index.m3u8", playlist(names, MAP));
    assert.deepEqual((await live.look()).slice(-1), [name]);
  }
  for (const { path, sizeBytes, hashes, pieceBytes } of live.manifest().resources) {
    const bytes = readFileSync(join(live.directory, path));
    assert.equal(sizeBytes, bytes.length);
    const first = createHash("sha256").update(bytes.subarray(0, pieceBytes)).digest();
    assert.deepEqual(Buffer.from(hashes.subarray(0, 32)), first, path);
  }
});

test("numbers only grow, through deletion and what comes after it", async (context) => {
  const live = stage(context, { files: { "index.m3u8": playlist([]) } });
  let next = 0;
  const everySeen = new Map<string, number | undefined>();
  for (let index = 0; index < 10; index++) {
    live.put(`${index}.ts`, segment(index));
    if (index >= 3) live.remove(`${index - 3}.ts`);
    const names = [index - 2, index - 1, index].filter((n) => n >= 0).map((n) => `${n}.ts`);
    live.put("index.m3u8", playlist(names));
    assert.deepEqual(await live.look(), names);
    const manifest = live.manifest();
    assert.ok((manifest.live?.nextPiece ?? 0) > next);
    for (const [name, first] of Object.entries(firsts(manifest))) {
      if (everySeen.has(name)) assert.equal(first, everySeen.get(name), `${name} keeps its number`);
      else assert.equal(first, next, `${name} gets the next one`);
      everySeen.set(name, first);
    }
    next = manifest.live?.nextPiece ?? 0;
  }
});

test("a file that is written to after it was listed leaves the list, and comes back under new numbers", async (context) => {
  const live = stage(context, { files: { "a.ts": segment(0), "index.m3u8": playlist(["a.ts"]) } });
  assert.deepEqual(await live.look(), ["a.ts"]);
  const before = live.manifest();
  live.write("a.ts", segment(1));
  assert.deepEqual(await live.look(), [], "its writer may not have finished");
  assert.deepEqual(await live.look(SETTLE_MS - 1), []);
  assert.deepEqual(await live.look(1), ["a.ts"]);
  const after = live.manifest();
  assert.equal(after.live?.stream, before.live?.stream);
  assert.equal(firsts(after)["a.ts"], before.live?.nextPiece);
  assert.notDeepEqual(after.resources[0]?.hashes, before.resources[0]?.hashes);
});

test("without an HLS playlist a file is complete when nothing was written to it for a while", async (context) => {
  const live = stage(context, { files: { "index.mpd": "<MPD></MPD>", "1.m4s": segment(0) } });
  assert.deepEqual(await live.look(), []);
  assert.deepEqual(await live.look(SETTLE_MS - 1), []);
  appendFileSync(join(live.directory, "1.m4s"), segment(1));
  assert.deepEqual(await live.look(1), [], "it grew, and the time begins anew");
  assert.deepEqual(await live.look(SETTLE_MS - 1), []);
  assert.deepEqual(await live.look(1), ["1.m4s"]);
});

test("a file that was renamed from a draft is complete at once", async (context) => {
  const live = stage(context, { files: { "index.mpd": "<MPD></MPD>", "1.m4s.tmp": segment(0) } });
  assert.deepEqual(await live.settle(), [], "the draft itself is never listed");
  live.remove("1.m4s.tmp");
  live.put("1.m4s", segment(0));
  assert.deepEqual(await live.look(), ["1.m4s"]);
});

test("one growing file with byte ranges is left to the origin until its playlist ends", async (context) => {
  const ranges = "#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:9@0\nfilm.ts\n";
  const live = stage(context, { files: { "film.ts": segment(0), "index.m3u8": ranges } });
  assert.deepEqual(await live.settle(), []);
  appendFileSync(join(live.directory, "film.ts"), segment(1));
  live.put("index.m3u8", `${ranges}#EXT-X-ENDLIST\n`);
  assert.deepEqual(await live.look(), ["film.ts"]);
});

test("playlists, keys, drafts, hidden and empty files and the manifest itself are never listed", async (context) => {
  const key = '#EXT-X-KEY:METHOD=AES-128,URI="secret.bin"\n';
  const never = ["b.mpd", "c.M3U8", "d.tmp", "e.TMP", ".hidden", "f.key", "secret.bin", "skip.txt"];
  const live = stage(context, {
    files: {
      ...Object.fromEntries(never.map((name) => [name, "#EXTM3U\n"])),
      "a.m3u8": playlist(["a.ts", "a.m3u8", "f.key", "empty.ts"], key),
      "a.ts": segment(0),
      "empty.ts": "",
      "note.vtt": "WEBVTT",
    },
    exclude: ["skip.*"],
  });
  assert.deepEqual((await live.settle()).sort(), ["a.ts", "note.vtt"]);
});

test("what left the playlist stays listed for one more window, and goes when its file does", async (context) => {
  const live = stage(context, { files: { "index.m3u8": playlist([]) } });
  for (let index = 0; index < 8; index++) {
    live.put(`${index}.ts`, segment(index));
    live.put("index.m3u8", playlist(index === 0 ? ["0.ts"] : [`${index - 1}.ts`, `${index}.ts`]));
    await live.look();
  }
  assert.deepEqual(await live.look(), ["4.ts", "5.ts", "6.ts", "7.ts"]);
  live.remove("4.ts");
  assert.deepEqual(await live.look(), ["5.ts", "6.ts", "7.ts"]);
});

test("a playlist that is gone, or is being written, changes nothing", async (context) => {
  const names = ["0.ts", "1.ts", "2.ts"];
  const files = Object.fromEntries(names.map((name, index) => [name, segment(index)]));
  const live = stage(context, { files: { ...files, "index.m3u8": playlist(names) } });
  assert.deepEqual(await live.look(), names);
  const text = live.text();
  for (const half of ["", "#EXT", "#EXTM3U\n", playlist(["0.ts"])]) {
    writeFileSync(join(live.directory, "index.m3u8"), half);
    assert.deepEqual(await live.settle(), names, half);
  }
  live.remove("index.m3u8");
  await live.settle();
  assert.equal(live.text(), text);
});

test("an initialization section stays listed when --keep is reached, and reaching it is told once", async (context) => {
  const live = stage(context, { files: { "init.mp4": "init" }, limits: { keep: 4 } });
  const names: string[] = [];
  for (let index = 0; index < 7; index++) {
    live.put(`${index}.m4s`, segment(index));
    names.push(`${index}.m4s`);
    live.put("index.m3u8", playlist(names, MAP));
    const listed = await live.look();
    assert.deepEqual(listed.sort(), [...names.slice(-3), "init.mp4"]);
  }
  assert.equal(live.told.length, 1, live.told.join("\n"));
  assert.match(live.told[0] ?? "", /4 files \(--keep\)/);
});

test("an initialization segment of MPEG-DASH stays listed too", async (context) => {
  const mpd =
    '<MPD><SegmentTemplate initialization="init-$RepresentationID$.m4s" media="$Number$.m4s"/></MPD>';
  const live = stage(context, { files: { "index.mpd": mpd, "init-0.m4s": "init" }, limits: { keep: 2 } });
  for (const name of ["1.m4s", "2.m4s", "3.m4s"]) {
    live.write(name, segment(0));
    assert.deepEqual((await live.settle()).sort(), [name, "init-0.m4s"]);
  }
});

test("each limit drops the oldest, or leaves the file out, and is told once", async (context) => {
  const names = ["1.ts", "2.ts", "3.ts"];
  const files = Object.fromEntries(names.map((name) => [name, "x"]));
  for (const [limits, listed, sentence] of [
    [{ pieces: 2 }, ["2.ts", "3.ts"], /has reached 2 pieces/],
    [{ manifestBytes: 4096 + 700 }, ["2.ts", "3.ts"], /has reached 4\.7 KiB/],
    [{ pathLength: 4 }, names, /path of "long\.ts" is over 4 characters/],
    [{ segmentBytes: 9 }, names, /"long\.ts" is over 9 B, no live segment/],
  ] as const) {
    const hasLong = listed.length === 3;
    const long = hasLong ? { "long.ts": "over nine bytes", "longer.ts": "over nine bytes" } : {};
    const all = [...names, ...Object.keys(long)];
    const live = stage(context, { files: { ...files, ...long, "index.m3u8": playlist(all) }, limits });
    assert.deepEqual(await live.look(), listed);
    assert.deepEqual(await live.look(), listed);
    assert.equal(live.told.length, 1, live.told.join("\n"));
    assert.match(live.told[0] ?? "", sentence);
  }
});

test("a playlist of more than 16 MiB is not read", async (context) => {
  const live = stage(context, { files: { "a.ts": segment(0), "index.m3u8": `${playlist(["a.ts"])}\n` } });
  truncateSync(join(live.directory, "index.m3u8"), 16 * 1024 * 1024 + 1);
  const other = stage(context, { files: { "a.ts": segment(0), "index.m3u8": `${playlist(["a.ts"])}\n` } });
  truncateSync(join(other.directory, "index.m3u8"), 16 * 1024 * 1024);
  assert.deepEqual([await live.look(), await other.look()], [[], ["a.ts"]]);
});

test("the manifest is written when it changed or was deleted, and at no other time", async (context) => {
  const live = stage(context, { files: { "a.ts": segment(0), "index.m3u8": playlist(["a.ts"]) } });
  await live.look();
  const written = live.text();
  live.write("rivulet.json", '{"rivulet":1,"resources":[]}');
  await live.look();
  assert.notEqual(live.text(), written, "nothing changed, so nothing was written");
  live.remove("rivulet.json");
  await live.look();
  assert.equal(live.text(), written);
});

test("a look that is ended early leaves the manifest as it was", async (context) => {
  const live = stage(context, { files: { "a.ts": segment(0), "index.m3u8": playlist(["a.ts"]) } });
  await live.look();
  const written = live.text();
  live.remove("a.ts");
  live.put("b.ts", segment(1));
  live.put("index.m3u8", playlist(["b.ts"]));
  await live.look(10, AbortSignal.abort());
  assert.equal(live.text(), written);
  assert.deepEqual(await live.look(), ["b.ts"]);
});
