/** Something that keeps writing a live HLS stream into a folder: `index.m3u8`, and segments that come and go. */
export interface Packager {
  /** Resolves with the reason when it stops by itself; never rejects. */
  readonly ended: Promise<string>;
  /** Resolves when it writes no more, and nothing that it started is left. */
  close(): Promise<void>;
}

export const PLAYLIST = "index.m3u8";
/** How many segments a viewer can go back to. */
export const WINDOW_SEGMENTS = 12;
/** How many stay for those who have an older playlist in hand. */
export const GRACE_SEGMENTS = 6;
export const SEGMENT_SECONDS = 2;

/** A number that is higher than any an earlier run gave its segments: they count slower than seconds do. */
export function firstSegmentNumber(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}

export function segmentName(number: number): string {
  return `segment-${number}.ts`;
}
