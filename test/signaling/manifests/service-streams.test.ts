import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseManifest } from "#sdk/content/manifest.ts";
import { channel, media, names, segment } from "./channel-stage.ts";
import { mediaPlaylist, pathsOf, stage, until } from "./manifest-stage.ts";

test("all renditions of a multivariant playlist are in one stream, and their initialization sections stay", async (t) => {
  const master = [
    "#EXTM3U",
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="audio/index.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
    "low/index.m3u8",
    "#EXT-X-STREAM-INF:BANDWIDTH=2",
    "gone/index.m3u8",
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="fast.m3u8"',
  ].join("\n");
  const live = await stage(t, { options: { manifestLiveSegments: 2 } });
  const { files } = live.origin;
  const show = (from: number): void => {
    for (const folder of ["audio", "low"]) {
      const head = '#EXT-X-MAP:URI="init.mp4"\n';
      files.set(`/${folder}/index.m3u8`, Buffer.from(mediaPlaylist(names(from, from + 2), { head })));
      files.set(`/${folder}/init.mp4`, Buffer.from(`init of ${folder}`));
      for (let n = from; n < from + 2; n++) files.set(`/${folder}/s${n}.ts`, segment(n + folder.length));
    }
  };
  files.set("/master.m3u8", Buffer.from(master));
  const lists = (from: number) => async () =>
    pathsOf(await live.manifest("/master.m3u8"))
      .sort()
      .join() ===
    ["audio", "low"].flatMap((one) => [`${one}/init.mp4`, ...names(from, from + 2, `${one}/`)]).join();
  show(1);
  await until(lists(1), "both are listed");
  assert.equal(live.service.load().playlists, 3);
  show(2);
  live.clock.pass(2000);
  await until(lists(2), "both have slid");
  assert.equal(live.origin.log.requests("/master.m3u8").length, 1);
  files.set("/master.m3u8", Buffer.from(master.replace("gone/", "audio/").replace("low/", "low/./")));
  files.set("/low/index.m3u8", Buffer.from(mediaPlaylist(names(2, 4), { ended: true })));
  for (let s = 0; s < 60; s++) {
    await until(() => live.clock.timers === 1);
    live.clock.pass(1000);
    await live.manifest("/master.m3u8");
  }
  assert.equal(live.origin.log.requests("/master.m3u8").length, 2, "renditions come and go");
  assert.equal(live.service.load().playlists, 2);
});

test("keys, parts, what still grows, and what lies on origins that were not named are not listed", async (t) => {
  const live = await channel(t);
  const text = [
    "#EXTM3U\n#EXT-X-TARGETDURATION:2",
    '#EXT-X-KEY:METHOD=AES-128,URI="s7.ts"',
    ...["#EXTINF:2,", "s7.ts", "#EXTINF:2,", "s1.ts?sig=1", "#EXTINF:2,", "http://other.example/s2.ts"],
    ...["#EXT-X-BYTERANGE:100@0", "#EXTINF:2,", "grows.ts", '#EXT-X-PART:DURATION=1,URI="s3.part.ts"'],
  ].join("\n");
  live.show(1, 8);
  live.origin.files.set("/live/index.m3u8", Buffer.from(text));
  await live.lists("s1.ts");
  const { headers } = live.origin.log.requests("/live/s1.ts")[0] ?? assert.fail();
  assert.equal(headers.cookie, undefined);
});

test("all of a film is listed, once, and it is no live content: the same bytes for everybody", async (t) => {
  const film = await stage(t, { files: { "/film.mpegts": readFileSync(join(media, "film.mpegts")) } });
  film.origin.files.set("/film.m3u8", readFileSync(join(media, "film.m3u8")));
  film.origin.files.set("/cut.m3u8", Buffer.from(mediaPlaylist(names(0, 30), { ended: true })));
  for (let n = 0; n < 30; n++) film.origin.files.set(`/s${n}.ts`, segment(n));
  const one = await film.manifest("/film.m3u8");
  assert.deepEqual([pathsOf(one), one.live], [["film.mpegts"], undefined]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => film.ask(["/cut.m3u8"])));
  assert.deepEqual(new Set(answers.map(({ headers }) => headers.etag)).size, 1);
  assert.deepEqual(
    pathsOf(parseManifest(Buffer.from(answers[0]?.body ?? []).toString())),
    names(0, 30).sort(),
  );
  film.clock.pass(60_000);
  assert.deepEqual(await film.ask(["/cut.m3u8"]), answers[0]);
  assert.deepEqual(film.origin.log.requests("/s7.ts").length, 1);
  assert.equal(film.origin.log.requests("/cut.m3u8").length, 2);
});

test("one address does not take all the places for live playlists, and gets another when one of its own is idle", async (t) => {
  const options = { manifestMaxPlaylists: 3, manifestMaxPlaylistsPerAddress: 1, manifestIdleMs: 5000 };
  const live = await stage(t, { options });
  const { files } = live.origin;
  for (const n of [1, 2]) files.set(`/${n}.m3u8`, Buffer.from(mediaPlaylist(names(0, 2))));
  for (const name of names(0, 2)) files.set(`/${name}`, segment(1));
  const from = async (address: string, path: string) => (await live.ask([path], { address })).status;
  assert.equal(await from("192.0.2.1", "/1.m3u8"), 200);
  assert.equal(await live.failure("/2.m3u8"), "429 too-many-playlists-from-address");
  assert.equal(await from("192.0.2.2", "/2.m3u8"), 200);
  assert.equal(await from("192.0.2.1", "/2.m3u8"), 200, "it is followed for somebody else");
  live.clock.pass(5000);
  files.set("/3.m3u8", Buffer.from(mediaPlaylist(names(0, 2))));
  assert.equal(await from("192.0.2.1", "/3.m3u8"), 200);
});

test("the limits of streams: playlists in all, renditions, segments of a film, bytes of a playlist", async (t) => {
  const options = {
    manifestMaxPlaylists: 2,
    manifestMaxRenditions: 1,
    manifestMaxSegments: 3,
    manifestMaxPlaylistBytes: 1000,
    manifestIdleMs: 5000,
  };
  const live = await stage(t, { options });
  const { files } = live.origin;
  for (const n of [1, 2, 3]) files.set(`/${n}.m3u8`, Buffer.from(mediaPlaylist(names(0, 2))));
  for (const name of names(0, 4)) files.set(`/${name}`, segment(1));
  files.set("/master.m3u8", Buffer.from("#EXTM3U\n#EXT-X-STREAM-INF:\n1.m3u8\n#EXT-X-STREAM-INF:\n2.m3u8\n"));
  files.set("/film.m3u8", Buffer.from(mediaPlaylist(names(0, 4), { ended: true })));
  files.set("/long.m3u8", Buffer.from(mediaPlaylist(names(0, 99))));
  files.set("/none.m3u8", Buffer.from("<html>"));
  assert.equal(await live.failure("/film.m3u8"), "422 too-many-segments");
  assert.equal(await live.failure("/long.m3u8"), "422 resource-too-large");
  assert.equal(await live.failure("/none.m3u8"), "502 playlist-malformed");
  assert.equal(await live.failure("/missing.m3u8"), "404 resource-missing");
  await live.manifest("/master.m3u8");
  assert.equal(live.service.load().playlists, 1);
  await live.manifest("/1.m3u8");
  assert.equal(await live.failure("/2.m3u8"), "503 too-many-playlists");
  live.clock.pass(5000);
  await live.manifest("/1.m3u8");
  await live.manifest("/2.m3u8");
  assert.equal(live.service.load().playlists, 2, "one that nobody asks for made room");
  assert.equal(await live.failure("/3.m3u8"), "503 too-many-playlists");
});
