import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { KIB, MIB } from "#sdk/base/bytes.ts";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { playerPages } from "../bench/support/player-pages.ts";
import { openViewer, type VideoViewer } from "../bench/support/video-viewer.ts";
import { type Chromium, launchChromium } from "../support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "../support/test-origin.ts";
import { Pace } from "../support/test-origin-pace.ts";
import { IN_PARALLEL } from "./support/stage.ts";
import { download, seed, serveWebTorrent } from "./support/torrent-page.ts";

const HLS = fileURLToPath(new URL("../../node_modules/hls.js/dist/", import.meta.url));
const media = (name: string) => readFileSync(new URL(`../media/${name}`, import.meta.url));
const playlist = media("film.m3u8");
const film = media("film.mpegts");
/** The viewer whose line is too thin for the film. */
const SLOW = "slow";

describe("pages of others that meet through the tracker", () => {
  let server: SignalingServer;
  let origin: TestOrigin;
  let chromium: Chromium;
  let tracker: string;
  const closers: (() => Promise<void>)[] = [];
  before(async () => {
    server = await startSignalingServer({ port: 0, logLevel: "warn" });
    closers.push(() => server.close());
    tracker = `${server.url}/announce`;
    // So that this viewer knows the other before it has everything.
    const line = new Pace(0, 64 * KIB);
    origin = await startTestOrigin({
      files: await playerPages(["p2pml"]),
      mounts: { "/hls/": HLS },
      paceOf: ({ headers, url }) =>
        headers["x-viewer"] === SLOW && url?.startsWith("/film") ? line : undefined,
    });
    closers.push(() => origin.close());
    origin.files.set("/film.m3u8", playlist);
    origin.files.set("/film.mpegts", film);
    serveWebTorrent(origin);
    chromium = await launchChromium({
      args: [...IN_PARALLEL, "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
    });
    closers.push(() => chromium.close());
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
  });

  it("lets WebTorrent download by a magnet link what WebTorrent seeds", async () => {
    const bytes = randomBytes(MIB);
    origin.files.set("/file.bin", bytes);
    const [seeder, leecher] = await Promise.all([openPage(), openPage()]);
    const seeded = await seed(seeder.page, "/file.bin", tracker);
    assert.deepEqual(seeded.announce, [tracker]);
    assert.deepEqual(await download(leecher.page, seeded.magnetURI), {
      name: "file.bin",
      bytes: MIB,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    assert.equal(origin.log.requests("/file.bin").length, 1);
    await Promise.all([seeder.close(), leecher.close()]);
  });

  it("lets a viewer with P2P Media Loader get segments of a film from another one", async () => {
    const first = await openFilm("first");
    const began = await first.until(({ traffic }) => traffic?.originBytes === film.byteLength, 20_000);
    assert.ok(began.inTime, JSON.stringify(began.report));
    const second = await openFilm(SLOW);
    const { report } = await second.until(({ bufferedToEnd }) => bufferedToEnd, 30_000);
    assert.ok(report.bufferedToEnd, JSON.stringify(report));
    const { peerBytes = 0, originBytes = 0 } = report.traffic ?? {};
    assert.ok(peerBytes > film.byteLength / 4, JSON.stringify(report.traffic));
    assert.ok(peerBytes + originBytes >= film.byteLength, JSON.stringify(report.traffic));
    assert.deepEqual(new Set(report.segments.map(({ sha256 }) => sha256)), new Set(segmentHashes()));
    await Promise.all([first.close(), second.close()]);
  });

  async function openPage() {
    const context = await chromium.browser.createBrowserContext();
    const page = await context.newPage();
    // Functions that run in the page were compiled by tsx, which names them through this helper.
    await page.evaluateOnNewDocument("globalThis.__name = (named) => named");
    await page.goto(`${origin.url}/webtorrent.html`);
    return { page, close: () => context.close() };
  }

  function openFilm(viewer: string): Promise<VideoViewer> {
    const visit = {
      engine: "p2pml",
      playlist: "/film.m3u8",
      manifest: "",
      swarm: "film",
      hash: true,
    } as const;
    return openViewer({ browser: chromium.browser, url: origin.url, viewer, signal: "", tracker, visit });
  }
});

/** The film's segments are ranges of one file. */
function segmentHashes(): string[] {
  return [...playlist.toString().matchAll(/^#EXT-X-BYTERANGE:(\d+)@(\d+)$/gm)].map(([, length, start]) => {
    const segment = film.subarray(Number(start), Number(start) + Number(length));
    return createHash("sha256").update(segment).digest("hex");
  });
}
