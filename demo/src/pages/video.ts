import { Rivulet } from "@rivulet/sdk";
import { rivuletHls } from "@rivulet/sdk/hls";
import Hls from "hls.js";
import { exposeStats, markDemo } from "../demo-state.ts";
import { Panel } from "../panel/panel.ts";

const video = document.querySelector<HTMLVideoElement>("video");
const root = document.querySelector<HTMLElement>("#panel");
if (!video || !root) throw new Error("The page lacks its video or its panel.");

const panel = new Panel(root);
markDemo("loading");

function fail(message: string): void {
  panel.fail(message);
  markDemo("failed");
}

function play(element: HTMLVideoElement): void {
  const { signal = "", manifest = "", playlist = "" } = element.dataset;
  if (!Hls.isSupported()) {
    // Safari on iPhones plays HLS by itself and lets no script load the segments: as before, without Rivulet.
    element.src = playlist;
    fail("This browser plays HLS by itself: the segments come from the origin.");
    return;
  }
  const rivulet = new Rivulet({ signal, manifest });
  exposeStats(rivulet);
  panel.attach(rivulet);
  // Long enough to hold the whole clip, so that a paused viewer is a useful peer, too.
  const hls = new Hls({ ...rivuletHls(rivulet), maxBufferLength: 60 });
  hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag, stats }) => {
    if (frag.sn === "initSegment") return;
    panel.log(`Segment ${Number(frag.sn) + 1} in ${Math.round(stats.loading.end - stats.loading.start)} ms`);
  });
  hls.on(Hls.Events.BUFFERED_TO_END, () => markDemo("complete"));
  hls.on(Hls.Events.ERROR, (_, { fatal, details, error }) => {
    if (fatal) fail(`Playback stopped: ${error.message} (${details})`);
    else panel.log(`Player: ${details}`);
  });
  hls.loadSource(playlist);
  hls.attachMedia(element);
}

play(video);
