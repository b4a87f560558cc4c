import type { DashPlayer, DashRequest } from "./dash-api.ts";
import { dueInMs } from "./segment-clock.ts";

/**
 * When playback needs the first byte of what is asked for, ms from now. What is buffered is that of the segment's own
 * kind: while the sound is still missing, the element has nothing, but the third segment of the picture is not due yet.
 */
export function dashDueInMs(player: DashPlayer, { customData }: DashRequest): number {
  const segment = customData.request;
  // A part of a segment at the live edge is never early; a head or an index has no time.
  if (!segment || segment.isPartialSegmentRequest || Number.isNaN(segment.startTime)) return 0;
  try {
    const { currentTime, playbackRate, buffered } = player.getVideoElement();
    const ahead = segment.mediaType === null ? Number.NaN : player.getBufferLength(segment.mediaType);
    const own = { length: 1, start: () => currentTime, end: () => currentTime + ahead };
    return dueInMs({ currentTime, playbackRate, buffered: ahead > 0 ? own : buffered }, segment.startTime);
  } catch {
    // No element is attached, and what is asked for now is wanted for the start.
    return 0;
  }
}
