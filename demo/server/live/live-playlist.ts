import { segmentName } from "./packager.ts";

/** One segment as a live playlist lists it. */
export interface LiveSegment {
  readonly number: number;
  /** When its first frame was shown, ms since 1970. */
  readonly startsAtMs: number;
  readonly durationMs: number;
  /** Its time stamps do not follow on from those of the segment before. */
  readonly isBreak: boolean;
}

export interface LiveWindow {
  /** At least one, oldest first. */
  readonly segments: readonly LiveSegment[];
  /** How many breaks there were before the first of them. */
  readonly earlierBreaks: number;
}

/** The text of a live media playlist (RFC 8216). */
export function formatLivePlaylist({ segments, earlierBreaks }: LiveWindow): string {
  const longestMs = Math.max(...segments.map(({ durationMs }) => durationMs));
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${Math.round(longestMs / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${earlierBreaks}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  for (const { number, startsAtMs, durationMs, isBreak } of segments) {
    if (isBreak) lines.push("#EXT-X-DISCONTINUITY");
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(startsAtMs).toISOString()}`);
    lines.push(`#EXTINF:${(durationMs / 1000).toFixed(6)},`, segmentName(number));
  }
  return `${lines.join("\n")}\n`;
}
