import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { SEGMENT_SECONDS, tsPlaylist, tsSegment } from "./support/hls-film.ts";
import {
  assertShown,
  type HlsStage,
  loadThrough,
  mediaBytes,
  mediaBytesSent,
  openHlsStage,
  openViewer,
  playThrough,
} from "./support/hls-stage.ts";
import { filmFiles, filmPlaylists } from "./support/player-page-media.ts";
import { stats, until } from "./support/visit.ts";

const SEGMENTS = Array.from({ length: 4 }, (_, i) => `seg-${i}.ts`);
const SECONDS = SEGMENTS.length * SEGMENT_SECONDS;
const signed = (signature: string) => tsPlaylist(SEGMENTS.map((name) => `${name}?signature=${signature}`));

/** The forms that a film has beside MPEG-TS in segments, each with the playlist and the files that are its own. */
const FORMS: readonly (readonly [what: string, playlist: string, files: RegExp])[] = [
  ["fragmented MP4 in segments, the sound apart", "segments.m3u8", /^(video|audio)-\d\.m4s$/],
  ["fragmented MP4 in byte ranges of one file", "ranges.m3u8", /^(video|audio)\.mp4$/],
  ["MPEG-TS in byte ranges of one file", "stream-ranges.m3u8", /^film\.ts$/],
];

describe("a film that hls.js plays through Rivulet", () => {
  let stage: HlsStage;
  /** The URLs of segments as the origin was asked for them: its log leaves the query out. */
  const asked: string[] = [];
  before(async () => {
    const segments = Object.fromEntries(SEGMENTS.map((name, i) => [name, tsSegment(i)]));
    stage = await openHlsStage({
      media: { ...filmFiles(), ...segments },
      playlists: { ...filmPlaylists(), "signed-a.m3u8": signed("A"), "signed-b.m3u8": signed("B") },
      latencyMs: 20,
      bytesPerSecond: 4_000_000,
    });
    stage.origin.server.on("request", ({ url = "" }) => asked.push(url));
  });
  afterEach(() => stage.closeViewers());
  after(() => stage.close());

  it("comes in MPEG-TS to a second viewer, whose URLs are signed otherwise, from the first one", async (t) => {
    const first = await openViewer(stage);
    await loadThrough(first, "signed-a.m3u8", { seconds: SECONDS });
    assert.equal((await stats(first)).originBytes, mediaBytes(stage, SEGMENTS));
    const askedBefore = asked.length;

    const second = await openViewer(stage);
    const shown = await playThrough(second, "signed-b.m3u8", { rate: 2 });
    assertShown(stage, shown);
    assert.ok(shown.handed.every(({ url }) => url.endsWith("?signature=B")));
    const { originBytes, peerBytes, storeBytes } = await stats(second);
    const sent = mediaBytesSent(stage, SEGMENTS);
    const copies = sent / mediaBytes(stage, SEGMENTS);
    t.diagnostic(`copies ${copies.toFixed(2)}; the second viewer: origin ${originBytes}, peers ${peerBytes}`);
    assert.equal(originBytes + peerBytes + storeBytes, mediaBytes(stage, SEGMENTS));
    assert.equal(storeBytes, 0);
    // Its first segment, a quarter of the film, is fetched at once, and a second one may be before the dial is done.
    assert.ok(copies <= 1.5, `${copies} copies`);
    assert.ok(peerBytes >= mediaBytes(stage, SEGMENTS) / 2, `${peerBytes} bytes from peers`);
    const askedBySecond = asked.slice(askedBefore).filter((url) => url.includes("/seg-"));
    assert.deepEqual(
      askedBySecond.filter((url) => !url.endsWith("?signature=B")),
      [],
    );
  });

  it("plays in fragmented MP4 and in byte ranges too, and comes from peers in each form", async (t) => {
    const first = await openViewer(stage);
    const second = await openViewer(stage);
    await until(second, ({ peers }) => peers.length > 0);
    for (const [what, playlist, pattern] of FORMS) {
      const files = Object.keys(stage.media).filter((name) => pattern.test(name));
      await loadThrough(first, playlist, { seconds: SECONDS });
      const before = await stats(second);
      const shown = await playThrough(second, playlist, { rate: 4 });
      assertShown(stage, shown);
      const now = await stats(second);
      const peerBytes = now.peerBytes - before.peerBytes;
      const handedBytes = shown.handed.reduce((sum, { bytes }) => sum + bytes, 0);
      const copies = mediaBytesSent(stage, files) / mediaBytes(stage, files);
      t.diagnostic(`${what}: ${peerBytes} of ${handedBytes} bytes from peers, ${copies.toFixed(2)} copies`);
      assert.ok(peerBytes >= handedBytes / 2, `${what}: ${peerBytes} of ${handedBytes} bytes from peers`);
    }
  });

  it("plays in a page with an fpsController of its own, every segment then being due at once", async () => {
    const viewer = await openViewer(stage);
    const usual = await loadThrough(viewer, "stream.m3u8", { seconds: SECONDS });
    assert.ok(usual.dues.some((due) => due > 0));
    const own = await playThrough(viewer, "signed-a.m3u8", { rate: 8, ownFpsController: true });
    assertShown(stage, own);
    assert.deepEqual(new Set(own.dues), new Set([0]));
  });
});
