import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { tsPlaylist, tsSegment } from "./support/hls-film.ts";
import { countPendingWork, type PendingWork, pendingWork, untilLeft } from "./support/hls-pending-work.ts";
import { type HlsStage, openHlsStage, openViewer, show, untilShown } from "./support/hls-stage.ts";
import type { Viewer } from "./support/stage.ts";
import { until } from "./support/visit.ts";

const FILMS = ["old", "new"];
const SEGMENTS = 4;
const SEGMENT_BYTES = 600_000;
/** The old film's second segment stops half way: each test acts in mid-load. */
const STUCK = "old-1.ts";

interface FilmWindow {
  readonly showing: {
    readonly hls: { loadSource(url: string): void };
    readonly video: HTMLVideoElement;
  };
  readonly film: { leave(): void };
  readonly opened: WeakRef<object>;
  readonly Rivulet: { readonly current: { destroy(): Promise<void> } };
}

declare const window: FilmWindow;

describe("what hls.js leaves behind in Rivulet", () => {
  let stage: HlsStage;
  before(async () => {
    const names = (film: string) => Array.from({ length: SEGMENTS }, (_, i) => `${film}-${i}.ts`);
    const all = FILMS.flatMap(names);
    stage = await openHlsStage({
      media: Object.fromEntries(all.map((name, i) => [name, tsSegment(i, SEGMENT_BYTES)])),
      playlists: Object.fromEntries(FILMS.map((film) => [`${film}.m3u8`, tsPlaylist(names(film))])),
    });
    stage.origin.faults.set(`/assets/${STUCK}`, { stallAfterBytes: SEGMENT_BYTES / 2 });
  });
  afterEach(() => stage.closeViewers());
  after(() => stage.close());

  /** A viewer who plays the old film's first segment and loads its second, and is connected to another one. */
  async function inMidLoad(): Promise<{ viewer: Viewer; before: PendingWork }> {
    stage.origin.log.reset();
    await openViewer(stage, { store: "memory" });
    const viewer = await openViewer(stage, { store: "memory", prepare: countPendingWork });
    await until(viewer, ({ peers }) => peers.length > 0);
    const before = await pendingWork(viewer);
    await show(viewer, "old.m3u8");
    await untilShown(viewer, ({ position }) => position > 0);
    await untilAsked(STUCK);
    assert.ok(requests(STUCK).every(({ closed }) => !closed));
    return { viewer, before };
  }

  /** Until the origin has sent something of it. */
  async function untilAsked(name: string): Promise<void> {
    const isAsked = () => requests(name).some(({ bytes }) => bytes > 0);
    for (let turn = 0; turn < 200 && !isAsked(); turn++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    assert.ok(isAsked(), `${name} was asked for`);
  }

  const requests = (name: string) => stage.origin.log.requests(`/assets/${name}`);

  /** The requests for the segment that is stuck were given up in the page, and are over at the origin. */
  async function assertGivenUp(viewer: Viewer): Promise<void> {
    await untilLeft(viewer, ({ requests }) => !requests.some((url) => url.includes(STUCK)));
    for (let turn = 0; turn < 100 && requests(STUCK).some(({ closed }) => !closed); turn++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(
      requests(STUCK).filter(({ closed }) => !closed),
      [],
    );
  }

  it("is no request for a segment that a seek in mid-load left", async () => {
    const { viewer } = await inMidLoad();
    await viewer.page.evaluate(() => {
      window.showing.video.currentTime = 6.5;
    });
    await assertGivenUp(viewer);
    await untilAsked("old-3.ts");
  });

  it("is no request for the old source after loadSource in mid-load", async () => {
    const { viewer } = await inMidLoad();
    await viewer.page.evaluate(() => window.showing.hls.loadSource("/assets/new.m3u8"));
    await assertGivenUp(viewer);
    await untilAsked("new-0.ts");
    assert.ok((await pendingWork(viewer)).requests.every((url) => !url.includes("/old-")));
  });

  it("is neither a request nor a timer nor the player itself after destroy in mid-load", async () => {
    const { viewer, before } = await inMidLoad();
    await viewer.page.evaluate(() => window.film.leave());
    await assertGivenUp(viewer);
    await untilLeft(
      viewer,
      ({ requests, timers }) => requests.length === 0 && noneMore(timers, before.timers),
    );
    assert.ok(await isCollected(viewer));
  });

  it("is neither a timer nor a connection nor a socket once Rivulet is destroyed too", async () => {
    const { viewer, before } = await inMidLoad();
    assert.ok(before.connections > 0 && before.sockets > 0 && Object.keys(before.timers).length > 0);
    await viewer.page.evaluate(() => window.Rivulet.current.destroy());
    await viewer.page.evaluate(() => window.film.leave());
    const nothing = { timers: {}, connections: 0, sockets: 0, requests: [] };
    await untilLeft(viewer, (left) => JSON.stringify(left) === JSON.stringify(nothing));
  });

  /** No script has more timers than before: Rivulet's own go on. */
  function noneMore(timers: PendingWork["timers"], before: PendingWork["timers"]): boolean {
    return Object.entries(timers).every(([script, count]) => count <= (before[script] ?? 0));
  }

  async function isCollected({ page }: Viewer): Promise<boolean> {
    const devtools = await page.createCDPSession();
    for (let turn = 0; turn < 20; turn++) {
      await devtools.send("HeapProfiler.collectGarbage");
      if (await page.evaluate(() => window.opened.deref() === undefined)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  }
});
