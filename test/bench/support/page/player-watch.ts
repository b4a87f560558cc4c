import type Hls from "hls.js";
import type { HandedSegment } from "./hash-segments.ts";

/** What an engine says of its peers. */
export interface Traffic {
  readonly peers: number;
  readonly peerBytes: number;
  readonly originBytes: number;
  readonly uploadedBytes: number;
  readonly wastedBytes: number;
}

/** How one viewer fared so far. */
export interface PlayerReport {
  /** From navigation to the first frame that was shown, ms; null before that. */
  readonly firstFrameMs: number | null;
  /** How often playback stood still after the first frame, and for how long together. */
  readonly stalls: number;
  readonly stallMs: number;
  /** How often hls.js itself reported a stall. */
  readonly reportedStalls: number;
  /** Changes of rendition from one loaded segment to the next, and the segments' mean rendition, 0 being the least. */
  readonly switches: number;
  readonly meanLevel: number;
  readonly bufferedToEnd: boolean;
  readonly position: number;
  readonly bufferedSeconds: number;
  /** Behind the live edge, ms, mean since the first frame; null on demand. */
  readonly latencyMs: number | null;
  readonly targetLatencyMs: number | null;
  readonly errors: readonly string[];
  readonly traffic: Traffic | undefined;
  readonly segments: readonly HandedSegment[];
}

const LATENCY_EVERY_MS = 500;

/** Watches a player from its making on; changes nothing. */
export class PlayerWatch {
  readonly #hls: Hls;
  readonly #video: HTMLVideoElement;
  readonly #errors: string[] = [];
  readonly #latencies: number[] = [];
  #firstFrameMs: number | null = null;
  #stalls = 0;
  #stallMs = 0;
  #stalledSince: number | null = null;
  #reportedStalls = 0;
  readonly #levels: number[] = [];
  #bufferedToEnd = false;

  constructor(library: typeof Hls, hls: Hls, video: HTMLVideoElement) {
    this.#hls = hls;
    this.#video = video;
    video.requestVideoFrameCallback((now) => {
      this.#firstFrameMs = now;
      if (hls.latestLevelDetails?.live)
        setInterval(() => this.#latencies.push(hls.latency), LATENCY_EVERY_MS);
    });
    video.addEventListener("waiting", () => this.#stalled());
    video.addEventListener("playing", () => this.#moving());
    const { Events, ErrorDetails } = library;
    hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
      if (frag.type === "main" && frag.sn !== "initSegment") this.#levels.push(frag.level);
    });
    hls.on(Events.BUFFERED_TO_END, () => {
      this.#bufferedToEnd = true;
    });
    hls.on(Events.ERROR, (_, { details, fatal }) => {
      if (details === ErrorDetails.BUFFER_STALLED_ERROR && this.#firstFrameMs !== null)
        this.#reportedStalls++;
      else this.#errors.push(fatal ? `fatal ${details}` : details);
    });
  }

  report(traffic: Traffic | undefined, segments: readonly HandedSegment[]): PlayerReport {
    const { buffered, currentTime } = this.#video;
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    const standing = this.#stalledSince === null ? 0 : performance.now() - this.#stalledSince;
    const target = this.#hls.targetLatency;
    return {
      firstFrameMs: this.#firstFrameMs,
      stalls: this.#stalls,
      stallMs: this.#stallMs + standing,
      reportedStalls: this.#reportedStalls,
      switches: this.#levels.filter((level, at) => at > 0 && level !== this.#levels[at - 1]).length,
      meanLevel: mean(this.#levels),
      bufferedToEnd: this.#bufferedToEnd,
      position: currentTime,
      bufferedSeconds: end - currentTime,
      latencyMs: this.#latencies.length > 0 ? mean(this.#latencies) * 1000 : null,
      targetLatencyMs: target === null ? null : target * 1000,
      errors: this.#errors,
      traffic: traffic && { ...traffic },
      segments,
    };
  }

  #stalled(): void {
    if (this.#firstFrameMs === null || this.#video.seeking || this.#video.ended) return;
    if (this.#stalledSince !== null) return;
    this.#stalls++;
    this.#stalledSince = performance.now();
  }

  #moving(): void {
    if (this.#stalledSince === null) return;
    this.#stallMs += performance.now() - this.#stalledSince;
    this.#stalledSince = null;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
