import assert from "node:assert/strict";
import { test } from "node:test";
import { readHlsPlaylist } from "#sdk/content/hls-playlist.ts";
import { AllowedOrigins } from "#signaling/manifests/allowed-origins.ts";
import { LiveWindow } from "#signaling/manifests/live-window.ts";
import { PollPace } from "#signaling/manifests/poll-pace.ts";
import { mainOrigin, onOrigin, segmentsOf } from "#signaling/manifests/segments.ts";
import { mediaPlaylist } from "./manifest-stage.ts";

const SITE = "https://site.example";
const origins = new AllowedOrigins([SITE, "https://cdn.example"]);

function read(text: string, foundAt = `${SITE}/live/index.m3u8`) {
  const url = new URL(foundAt);
  const playlist = readHlsPlaylist(text) ?? assert.fail();
  return segmentsOf({ url, foundAt: url, playlist }, origins);
}

const named = (...names: readonly string[]) => read(mediaPlaylist(names));
const listed = (window: LiveWindow) => window.wanted.map(({ path }) => path.replace("live/", "")).join(" ");

test("a window holds the newest segments, the newest first, and slides with the playlist", () => {
  const window = new LiveWindow(3);
  assert.equal(window.slide(named("a", "b", "c", "d")), true);
  assert.equal(listed(window), "d c b");
  assert.equal(window.slide(named("a", "b", "c", "d")), false);
  assert.equal(listed(window), "d c b");
  assert.equal(window.slide(named("c", "d", "e")), true);
  assert.equal(listed(window), "e d c");
});

test("what a playlist shorter than the window has left stays until newer ones need its place", () => {
  const window = new LiveWindow(4);
  window.slide(named("a", "b"));
  window.slide(named("b", "c"));
  assert.equal(listed(window), "c b a");
  window.slide(named("c", "d"));
  window.slide(named("d", "e"));
  assert.equal(listed(window), "e d c b");
  assert.equal(window.slide(named()), false);
  assert.equal(listed(window), "e d c b");
});

test("a playlist that begins anew takes the window over", () => {
  const window = new LiveWindow(2);
  window.slide(named("a", "b"));
  window.slide(named("x", "y", "z"));
  assert.equal(listed(window), "z y");
});

test("initialization sections come first and on top, and only those of now", () => {
  const window = new LiveWindow(1);
  window.slide(read(mediaPlaylist(["a", "b"], { head: '#EXT-X-MAP:URI="i1"\n' })));
  assert.equal(listed(window), "i1 b");
  assert.equal(window.slide(read(mediaPlaylist(["b"], { head: '#EXT-X-MAP:URI="i2"\n' }))), true);
  assert.equal(listed(window), "i2 b");
});

test("a segment is fetched by the signature of now, and known by its name", () => {
  const window = new LiveWindow(3);
  window.slide(named("a?sig=1", "b?sig=1"));
  assert.equal(window.slide(named("a?sig=2", "b?sig=2")), false);
  assert.deepEqual(
    window.wanted.map(({ url }) => url.search),
    ["?sig=2", "?sig=2"],
  );
});

test("a query that tells segments apart stays in their names", () => {
  const { segments } = named("get?n=1", "get?n=2", "other?sig=1", "../caf%c3%a9@2x", "caf%C3%A9");
  assert.deepEqual(
    segments.map(({ path }) => path),
    ["live/get?n=1", "live/get?n=2", "live/other", "caf%C3%A9@2x", "live/caf%C3%A9"],
  );
});

test("segments may lie on another allowed origin than their playlist; one origin is in a manifest", () => {
  const cdn = named("https://cdn.example/1.ts", "https://evil.example/2.ts", "https://cdn.example/3.ts");
  assert.equal(mainOrigin([cdn]), "https://cdn.example");
  const mixed = named("https://cdn.example/1.ts", "2.ts");
  assert.equal(mainOrigin([mixed]), SITE);
  assert.deepEqual(
    onOrigin(mixed, SITE).segments.map(({ path }) => path),
    ["live/2.ts"],
  );
  assert.equal(mainOrigin([named()]), undefined);
});

test("a playlist is due after its target duration, after half of it when nothing was new, never more than twice a second", () => {
  const pace = new PollPace();
  const delayAfter = (isChanged: boolean, targetMs: number | undefined, now: number): number => {
    pace.polled({ isChanged, targetMs }, now);
    return pace.delayMs;
  };
  assert.equal(delayAfter(true, undefined, 0), 6000, "as most packagers have it");
  assert.equal(delayAfter(true, 4000, 4000), 4000);
  assert.equal(delayAfter(false, undefined, 8000), 2000, "the one that is known");
  assert.equal(delayAfter(true, 100, 10_000), 500);
  assert.equal(delayAfter(true, 3_600_000, 20_000), 60_000);
});

test("a viewer's question is a reason to look when something new is likely, twice a second at most", () => {
  const pace = new PollPace();
  pace.polled({ isChanged: true, targetMs: 4000 }, 1000);
  assert.deepEqual([pace.isDue(2999), pace.isDue(3000)], [false, true]);
  pace.polled({ isChanged: false, targetMs: 4000 }, 3000);
  assert.deepEqual([pace.isDue(3499), pace.isDue(3500)], [false, true]);
});
