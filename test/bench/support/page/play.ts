import type Hls from "hls.js";
import { hashSegments } from "./hash-segments.ts";
import { type PlayerReport, PlayerWatch, type Traffic } from "./player-watch.ts";
import { readSetup } from "./setup.ts";

declare global {
  interface Window {
    readonly Hls: typeof Hls;
    /** What the bench asks the page for. */
    bench: { report(): PlayerReport };
  }
}

export interface Engine {
  readonly create: (hls: typeof Hls) => Hls;
  /** Undefined without peers. */
  readonly traffic: () => Traffic | undefined;
}

/** Plays the stream of the page's URL, as a site's own script would, and watches. */
export function play({ create, traffic }: Engine): void {
  const video = document.querySelector("video");
  if (!video) throw new Error("The page lacks its video.");
  const { playlist, hash } = readSetup();
  const hls = create(window.Hls);
  const segments = hash === "yes" ? hashSegments(hls) : [];
  const watch = new PlayerWatch(window.Hls, hls, video);
  window.bench = { report: () => watch.report(traffic(), segments) };
  hls.loadSource(playlist);
  hls.attachMedia(video);
}
