import { second } from "../base/time.ts";
import type { Line } from "./segment-source.ts";

/** The part of a media element that says where playback is. */
export interface PlayingMedia {
  readonly currentTime: number;
  readonly playbackRate: number;
  readonly buffered: Pick<TimeRanges, "length" | "start" | "end">;
}

/** A gap in what is buffered that players skip, s. */
const SKIPPED_GAP = 0.5;

/**
 * When playback reaches a point of the timeline, ms from now. 0 when nothing is buffered where playback stands: at the
 * start, and after a seek, it waits for whatever is asked for.
 */
export function dueInMs(media: PlayingMedia | null | undefined, atSeconds: number): number {
  if (!media) return 0;
  const { currentTime, playbackRate, buffered } = media;
  for (let i = 0; i < buffered.length; i++) {
    if (currentTime < buffered.start(i) - SKIPPED_GAP || currentTime >= buffered.end(i)) continue;
    const ahead = Math.max(0, atSeconds - currentTime);
    return (ahead * second) / Math.max(1, Math.abs(playbackRate));
  }
  return 0;
}

/** When a load began, its first byte came, and it ended, ms, as a player is to see it. */
export interface LoadTimes {
  readonly start: number;
  readonly first: number;
  readonly end: number;
}

/**
 * The times of a load as its player's bandwidth estimate should see them: as long as the line takes for so many bytes. A
 * segment that lay ready would read as an infinite bandwidth, one that peers were waited for as a bad one. Before the
 * line was measured the real times stand.
 */
export function loadTimes(real: LoadTimes, bytes: number, line: Line | undefined): LoadTimes {
  if (!line) return real;
  const { end } = real;
  const first = end - (bytes * second) / line.bytesPerSecond;
  return { start: first - line.firstByteMs, first, end };
}
