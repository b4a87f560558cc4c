/** What a player knows of the media that it asks for. */
export interface Playback {
  /** When playback will need the first byte, ms from now; 0: it stands still for it. */
  readonly dueInMs: number;
  /** How many of the bytes it needs then, when it asks for more than that; all of them when left out. */
  readonly bytes?: number;
}

/** As a `RequestInit`; with `playback` the bytes are media, and as urgent as its player says. */
export interface RivuletRequestInit extends RequestInit {
  readonly playback?: Playback;
}

/** What this page's line was seen to do lately. */
export interface Line {
  /** Bytes per second from the origin; from peers if they were faster and the origin was not asked for three minutes. */
  readonly bytesPerSecond: number;
  /** From a request to the first byte of the origin's answer, ms. */
  readonly firstByteMs: number;
}
