import { Rivulet } from "@rivulet/sdk";
import { rivuletHls } from "@rivulet/sdk/hls";
import Hls, { type Fragment, type HlsConfig, type Level } from "hls.js";
import { exposeStats, markDemo } from "../demo-state.ts";
import { pageElement } from "../page-element.ts";
import { Panel } from "../panel/panel.ts";
import { renditionName } from "./renditions.ts";
import { SegmentStrip } from "./segment-strip.ts";
import { SegmentTimeline } from "./segment-timeline.ts";

/** How often what moves by itself is shown anew. */
const SHOW_EVERY_MS = 250;

/** A page's player, its Rivulet, and what is shown of both. */
export interface Player {
  readonly hls: Hls;
  readonly video: HTMLVideoElement;
  readonly panel: Panel;
  readonly playlistUrl: string;
  /** Calls back a few times a second, and whenever playback jumps. */
  onShow(show: () => void): void;
}

/** Says that the page cannot go on. */
export function failPage(panel: Panel, message: string): void {
  panel.fail(message);
  markDemo("failed");
}

/**
 * Plays the page's video with hls.js through Rivulet, with the panel and the strip of segments. Undefined where the
 * browser plays HLS by itself and lets no script load the segments, as on iPhones: they come from the origin then.
 */
export function openPlayer(config: Partial<HlsConfig>): Player | undefined {
  const video = pageElement<HTMLVideoElement>("video");
  const panel = new Panel(pageElement<HTMLElement>("#panel"));
  const { signal = "", manifest = "", playlist = "" } = video.dataset;
  markDemo("loading");
  if (!Hls.isSupported()) {
    video.src = playlist;
    failPage(panel, "This browser plays HLS by itself: the segments come from the origin.");
    return undefined;
  }
  const rivulet = new Rivulet({ signal, manifest });
  exposeStats(rivulet);
  panel.attach(rivulet);
  const hls = new Hls({ ...rivuletHls(rivulet), ...config });

  const timeline = new SegmentTimeline(new URL(manifest, location.href).href);
  const strip = new SegmentStrip(pageElement<HTMLElement>("#strip"), (ratio) => {
    video.currentTime = timeline.secondsAt(ratio);
  });
  const showCells = (): void => strip.show(timeline.cells(rivulet.stats.resources, panel.palette));
  hls.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
    timeline.list(details.fragments.map(listed));
    showCells();
  });
  hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => {
    if (typeof frag.sn !== "number") return;
    const { url, stats, sn: number } = frag;
    timeline.load({ number, url, rendition: nameOf(hls.levels, frag), sizeBytes: stats.loaded });
    showCells();
  });
  hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag, stats }) => {
    if (typeof frag.sn !== "number") return;
    const name = nameOf(hls.levels, frag);
    const ms = Math.round(stats.loading.end - stats.loading.start);
    panel.log(`Segment ${frag.sn}${name === "" ? "" : ` in ${name}`} took ${ms} ms`);
  });
  rivulet.on("stats", showCells);

  const shows = [(): void => strip.moveTo(timeline.ratioOf(video.currentTime))];
  const showAll = (): void => {
    for (const show of shows) show();
  };
  setInterval(showAll, SHOW_EVERY_MS);
  for (const name of ["seeking", "play", "pause"]) video.addEventListener(name, showAll);
  return { hls, video, panel, playlistUrl: playlist, onShow: (show) => shows.push(show) };
}

function listed({ sn, start, duration }: Fragment) {
  return { number: Number(sn), startSeconds: start, durationSeconds: duration };
}

/** "" where there is no choice to tell apart. */
function nameOf(levels: readonly Level[], { level }: Fragment): string {
  return levels.length > 1 ? renditionName(levels, level) : "";
}
