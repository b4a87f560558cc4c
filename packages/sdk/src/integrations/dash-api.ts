import type { PlayingMedia } from "./segment-clock.ts";

/** The parts of dash.js that are used here, named as its own declarations name them. */
export interface DashPlayer {
  extend(parentNameString: string, childInstance: object, override: boolean): void;
  /** @throws while no element is attached. */
  getVideoElement(): PlayingMedia;
  /** What is buffered of one kind from the playhead on, s; NaN when nothing is. */
  getBufferLength(type: string): number;
}

/** Its loader for everything but chunked low latency: it loads, and leaves retries to whoever calls it. */
export interface DashXhrLoader {
  load(request: DashRequest, response: DashResponse): boolean;
  abort(request?: DashRequest): void;
  reset(): void;
  resetInitialSettings(): void;
}

/** One attempt (a CommonMediaRequest). */
export interface DashRequest {
  readonly url: string;
  readonly method: string;
  readonly responseType: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly credentials: string;
  /** How long it may take, ms; 0: as long as it likes. */
  readonly timeout: number;
  readonly customData: {
    /** Not there for what is no part of a stream, such as a callback of an event. */
    readonly request?: DashFragmentRequest;
    readonly onprogress?: ((progress: DashProgress) => void) | undefined;
    readonly onloadend?: (() => void) | undefined;
    readonly onabort?: (() => void) | undefined;
    readonly ontimeout?: ((progress: DashProgress) => void) | undefined;
    abort?: () => void;
  };
}

/** A step of a load; dash.js adds it to the traces that its throughput is computed from. */
export interface DashProgress {
  readonly loaded: number;
  readonly total: number;
  readonly lengthComputable: boolean;
  /** How long the step took, ms. */
  readonly time: number;
}

/** What one attempt brought (a CommonMediaResponse). */
export interface DashResponse {
  url: string;
  status: number;
  statusText: string;
  headers: Record<string, string>;
  data: ArrayBuffer | null;
  readonly resourceTiming: object;
}

/** What dash.js wants, over all attempts. */
export interface DashFragmentRequest {
  readonly type: string | null;
  readonly mediaType: string | null;
  /** Where on the player's timeline it starts, s; NaN for what is no media segment. */
  readonly startTime: number;
  readonly isPartialSegmentRequest: boolean;
  startDate: Date;
  firstByteDate: Date;
  resourceTimingValues?: object | undefined;
}
