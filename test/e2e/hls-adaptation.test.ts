import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { SEGMENT_SECONDS, tsMaster, tsPlaylist, tsSegment } from "./support/hls-film.ts";
import { enter, type HlsStage, loadThrough, openHlsStage, openViewer } from "./support/hls-stage.ts";
import { sendSlowly } from "./support/misbehave.ts";
import type { Viewer } from "./support/stage.ts";
import { fetchAll, stats, until } from "./support/visit.ts";

const SEGMENTS = 8;
const SECONDS = SEGMENTS * SEGMENT_SECONDS;
/** Bytes of a segment of each rendition, and the most that its playlist announces, bit/s. */
const RENDITIONS = {
  low: { bytes: 170_000, bitsPerSecond: 800_000 },
  high: { bytes: 800_000, bitsPerSecond: 8_000_000 },
} as const;
const HIGH = 1;
/** The true line: 16 Mbit/s. */
const BYTES_PER_SECOND = 2_000_000;
/** Far less than the better rendition needs, so that who takes this for the line goes down. */
const PEER_BYTES_PER_SECOND = 330_000;
const LINE_BITS_PER_SECOND = BYTES_PER_SECOND * 8;

const names = (rendition: string) => Array.from({ length: SEGMENTS }, (_, i) => `${rendition}-${i}.ts`);
const high = names("high");
const all = Object.keys(RENDITIONS).flatMap(names);

declare const window: { readonly Rivulet: { readonly current: { destroy(): Promise<void> } } };

describe("hls.js's choice of a rendition with Rivulet", () => {
  let stage: HlsStage;
  before(async () => {
    const renditions = Object.entries(RENDITIONS);
    stage = await openHlsStage({
      media: Object.fromEntries(
        renditions.flatMap(([name, { bytes }]) => names(name).map((file, i) => [file, tsSegment(i, bytes)])),
      ),
      playlists: {
        ...Object.fromEntries(renditions.map(([name]) => [`${name}.m3u8`, tsPlaylist(names(name))])),
        "master.m3u8": tsMaster(
          Object.fromEntries(renditions.map(([name, { bitsPerSecond }]) => [`${name}.m3u8`, bitsPerSecond])),
        ),
      },
    });
  });
  afterEach(() => stage.closeViewers());
  after(() => stage.close());

  /** A viewer whose first visit got these files, on the second one. */
  async function openAgain(files: readonly string[]): Promise<Viewer> {
    stage.origin.pace.bytesPerSecond = undefined;
    const viewer = await openViewer(stage, { store: "indexeddb" });
    await fetchAll(viewer, files);
    await viewer.page.evaluate(() => window.Rivulet.current.destroy());
    await viewer.page.reload();
    stage.origin.pace.bytesPerSecond = BYTES_PER_SECOND;
    await enter(stage, viewer, { store: "indexeddb" });
    return viewer;
  }

  it("takes no film that lies in the viewer's own store for a fast line", async (t) => {
    const viewer = await openAgain(all);
    const { bandwidthEstimate, levels } = await loadThrough(viewer, "master.m3u8", { seconds: SECONDS });
    const { storeBytes, originBytes } = await stats(viewer);
    t.diagnostic(
      `estimate ${bandwidthEstimate / 1e6} Mbit/s; levels ${levels}; ${storeBytes} bytes from the store`,
    );
    assert.equal(originBytes, 0);
    assert.ok(storeBytes > 0);
    assert.ok(bandwidthEstimate <= 2 * LINE_BITS_PER_SECOND, `${bandwidthEstimate} bit/s`);
  });

  it("sees the line as it was measured while most of the film lies in the store", async (t) => {
    const viewer = await openAgain(all.filter((name) => !name.endsWith("-0.ts")));
    const { bandwidthEstimate, levels } = await loadThrough(viewer, "master.m3u8", {
      seconds: SECONDS,
      config: { startLevel: HIGH },
    });
    const { storeBytes, originBytes } = await stats(viewer);
    t.diagnostic(
      `estimate ${bandwidthEstimate / 1e6} Mbit/s; levels ${levels}; ${storeBytes} bytes from the store`,
    );
    assert.ok(originBytes > 0 && storeBytes > originBytes);
    assert.ok(bandwidthEstimate <= 2 * LINE_BITS_PER_SECOND, `${bandwidthEstimate} bit/s`);
    assert.deepEqual(levels, [HIGH]);
  });

  it("stays as it is while a viewer waits, of its own accord, for a slow peer", async (t) => {
    // Ten seconds are ahead of playback already, so there is time to wait for the rest.
    const ahead = high.slice(0, 5);
    const rest = high.slice(5);
    stage.origin.pace.bytesPerSecond = undefined;
    const slow = await openViewer(stage, { prepare: (page) => sendSlowly(page, PEER_BYTES_PER_SECOND) });
    await fetchAll(slow, rest);
    stage.origin.pace.bytesPerSecond = BYTES_PER_SECOND;
    const viewer = await openViewer(stage);
    await fetchAll(viewer, ahead);
    await until(viewer, ({ peers }) => peers.length > 0);
    const { levels, bandwidthEstimate, handed } = await loadThrough(viewer, "master.m3u8", {
      seconds: SECONDS,
      config: { startLevel: HIGH },
    });
    const { peerBytes } = await stats(viewer);
    t.diagnostic(`${peerBytes} bytes from the peer; estimate ${bandwidthEstimate / 1e6} Mbit/s`);
    // It waited: the origin would have sent these in a fraction of the time.
    assert.ok(peerBytes >= 2 * RENDITIONS.high.bytes, `${peerBytes} bytes from the peer`);
    assert.deepEqual(levels, [HIGH]);
    assert.ok(handed.every(({ url }) => url.includes("/high-")));
  });
});
