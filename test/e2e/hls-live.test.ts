import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SEGMENT_SECONDS } from "./support/hls-film.ts";
import { LiveChannel } from "./support/hls-live-channel.ts";
import {
  assertRightBytes,
  type HlsStage,
  openHlsStage,
  openViewer,
  report,
  show,
  untilShown,
} from "./support/hls-stage.ts";
import type { Viewer } from "./support/stage.ts";
import { stats, until } from "./support/visit.ts";

/** hls.js's own default: it plays so many target durations behind the live edge. */
const LIVE_SYNC_DURATION_COUNT = 3;
/** So many segments are counted. */
const COUNTED = 6;

describe("a live channel that hls.js plays through Rivulet", { concurrency: true }, () => {
  let stage: HlsStage;
  const channels: LiveChannel[] = [];
  before(async () => {
    stage = await openHlsStage({ latencyMs: 20, bytesPerSecond: 4_000_000 });
  });
  after(async () => {
    for (const channel of channels) channel.stop();
    await stage.close();
  });

  async function startChannel(folder: string, manifestDelayMs = 0): Promise<LiveChannel> {
    const channel = new LiveChannel({ origin: stage.origin, folder, manifestDelayMs });
    channels.push(channel);
    await channel.start();
    return channel;
  }

  async function tuneIn({ manifest, playlist }: LiveChannel): Promise<Viewer> {
    const viewer = await openViewer(stage, { manifest });
    await show(viewer, playlist);
    await untilShown(viewer, ({ position }) => position > 0);
    return viewer;
  }

  async function untilPublished(channel: LiveChannel, count: number): Promise<void> {
    while (channel.published.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it("leaves the origin once for two viewers, segment by segment, and the second one keeps up with it", async (t) => {
    const channel = await startChannel("/prompt");
    const first = await tuneIn(channel);
    const second = await tuneIn(channel);
    await until(second, ({ peers }) => peers.length > 0);
    // What is out already may have been asked for before the two knew of each other.
    const from = channel.published.length;
    const counted = () => channel.published.slice(from, from + COUNTED);
    await untilPublished(channel, from + COUNTED + 1);
    const has =
      (path: string) =>
      ({ handed }: { handed: readonly { url: string }[] }) =>
        handed.some(({ url }) => url.endsWith(path));
    for (const viewer of [first, second]) await untilShown(viewer, has(counted().at(-1) ?? ""));

    const copies = counted().map((path) => stage.origin.log.copies(path));
    const average = copies.reduce((sum, each) => sum + each, 0) / copies.length;
    const shown = await report(second);
    t.diagnostic(`copies ${copies.map((each) => each.toFixed(2)).join(" ")}; latency ${shown.latency} s`);
    assert.ok(average <= 1.25, `${average} copies of each segment`);
    assert.ok(shown.latency <= SEGMENT_SECONDS * (LIVE_SYNC_DURATION_COUNT + 1), `${shown.latency} s behind`);
    for (const viewer of [first, second]) {
      const { handed, errors } = await report(viewer);
      assert.deepEqual(errors, []);
      for (const one of handed) assertRightBytes(stage, one);
    }
  });

  it("plays on without a stall or an error while its manifest comes after its playlist", async (t) => {
    const channel = await startChannel("/late", 600);
    const viewer = await tuneIn(channel);
    await untilPublished(channel, channel.published.length + COUNTED);
    const { stalls, errors, handed, position } = await report(viewer);
    t.diagnostic(`${handed.length} segments to ${position} s`);
    assert.deepEqual(errors, []);
    assert.equal(stalls, 0);
    // It waited for the manifest: what no manifest lists would have come past Rivulet.
    const { resources } = await stats(viewer);
    for (const one of handed) {
      assertRightBytes(stage, one);
      const through = resources.find(({ path }) => one.url.endsWith(`/${path}`));
      assert.equal(through?.originBytes, one.bytes, `bytes of ${one.url} through Rivulet`);
    }
  });
});
