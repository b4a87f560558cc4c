import type { Line, RivuletRequestInit } from "../client/playback.ts";

export type { Line, Playback, RivuletRequestInit } from "../client/playback.ts";

/** What a player's integration needs of a Rivulet. */
export interface SegmentSource {
  fetch(url: string, init?: RivuletRequestInit): Promise<Response>;
  /** What the page's line was seen to do; undefined before anything was measured. */
  readonly line: Line | undefined;
}
