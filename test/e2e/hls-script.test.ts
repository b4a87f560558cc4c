import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { type HlsStage, mediaBytes, openHlsStage } from "./support/hls-stage.ts";
import { filmFiles, filmPlaylists } from "./support/player-page-media.ts";
import type { Viewer } from "./support/stage.ts";
import { type RivuletWindow, stats, until } from "./support/visit.ts";

declare const window: RivuletWindow;

const SEGMENTS = ["film-1.ts", "film-2.ts", "film-3.ts", "film-4.ts"];

/** What a page without a bundler has: it knows nothing of Rivulet. */
const pagesOwnScript = (rate: number) => `<script>
  const video = document.querySelector("video");
  const hls = new Hls();
  const errors = [];
  // At such a rate a busy machine stands still for a moment, which is no fault of the film's.
  hls.on(Hls.Events.ERROR, (_, { details }) => {
    if (details !== Hls.ErrorDetails.BUFFER_STALLED_ERROR) errors.push(details);
  });
  hls.loadSource("/assets/stream.m3u8");
  hls.attachMedia(video);
  video.addEventListener("loadeddata", () => {
    video.playbackRate = ${rate};
    video.play();
  });
</script>`;

interface Seen {
  readonly ended: boolean;
  readonly errors: readonly string[];
}

/** How the page's film went, once it is over. */
function film(viewer: Viewer): Promise<Seen> {
  return viewer.page.evaluate(async () => {
    const video = document.querySelector("video");
    for (let turn = 0; turn < 600 && !video?.ended; turn++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    // A page's constants are no properties of its window.
    const errors = new Function("return errors")() as string[];
    return { ended: video?.ended === true, errors };
  });
}

describe("hls.js from a script tag", () => {
  let stage: HlsStage;
  before(async () => {
    stage = await openHlsStage({ media: filmFiles(), playlists: filmPlaylists(), latencyMs: 20 });
  });
  afterEach(() => stage.closeViewers());
  after(() => stage.close());

  function putPage(path: string, scripts: readonly string[], rate = 8): void {
    const tags = scripts.map((attributes) => `<script ${attributes}></script>`).join("\n");
    const head = `<!doctype html><meta charset="utf-8"><title>film</title><link rel="icon" href="data:,">`;
    stage.put(path, `${head}<video muted></video>\n${tags}\n${pagesOwnScript(rate)}`);
  }

  const hls = 'src="/hls.min.js"';
  const rivulet = (src = "/sdk/rivulet.js") =>
    `src="${src}" data-signal="${stage.signalUrl}" data-manifest="/rivulet.json"`;
  const rivuletHls = 'src="/sdk/rivulet-hls.js"';
  const ours = (viewer: Viewer) => viewer.console.filter((line) => line.startsWith("[rivulet]"));

  /** No segment comes before the page's Rivulet runs, however slow the machine: its playlist is held back so long. */
  async function openHeld(path: string): Promise<Viewer> {
    let release: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    stage.origin.faults.set("/assets/stream.m3u8", { until, times: 1 });
    const viewer = await stage.open(path);
    await viewer.page.evaluate(() => window.Rivulet.current?.ready);
    release();
    return viewer;
  }

  it("loads its segments through Rivulet in a page whose own script is as it was", async (t) => {
    putPage("/script.html", [hls, rivulet(), rivuletHls], 4);
    const first = await openHeld("/script.html");
    assert.deepEqual(await film(first), { ended: true, errors: [] });
    assert.equal((await stats(first)).originBytes, mediaBytes(stage, SEGMENTS));
    const line = await first.page.evaluate("Object.keys(window.Rivulet.current.line).join()");
    assert.equal(line, "bytesPerSecond,firstByteMs", "two scripts have the same names for it");

    const second = await openHeld("/script.html");
    assert.deepEqual(await film(second), { ended: true, errors: [] });
    const whole = mediaBytes(stage, SEGMENTS);
    const { peerBytes } = await until(second, (now) => now.originBytes + now.peerBytes === whole);
    t.diagnostic(`the second viewer had ${peerBytes} of ${whole} bytes from peers`);
    assert.ok(peerBytes > 0);
    assert.deepEqual([...ours(first), ...ours(second)], []);
  });

  it("plays from the origin all the same when rivulet.js cannot be loaded", async () => {
    putPage("/missing.html", [hls, rivulet("/sdk/nowhere.js"), rivuletHls]);
    const askedBefore = stage.origin.log.requests().length;
    const viewer = await stage.open("/missing.html");
    assert.deepEqual(await film(viewer), { ended: true, errors: [] });
    const asked = stage.origin.log.requests().slice(askedBefore);
    const segments = asked.filter(({ path }) => path.endsWith(".ts")).map(({ path }) => path);
    assert.deepEqual(
      segments,
      SEGMENTS.map((name) => `/assets/${name}`),
    );
    assert.equal(asked.find(({ path }) => path.endsWith("nowhere.js"))?.status, 404);
  });

  it("is missed in one line on the console by a rivulet-hls.js that comes before it", async () => {
    putPage("/early.html", [rivulet(), rivuletHls, hls]);
    const viewer = await stage.open("/early.html");
    assert.deepEqual(await film(viewer), { ended: true, errors: [] });
    assert.equal(ours(viewer).length, 1, ours(viewer).join("\n"));
    assert.match(ours(viewer)[0] ?? "", /bad-option.*window\.Hls.*after the script of hls\.js/);
    const { originBytes, peerBytes } = await stats(viewer);
    assert.equal(originBytes + peerBytes, 0);
  });
});
