import { dueInMs } from "./segment-clock.ts";
import type { ShakaContext, ShakaPlayer } from "./shaka-api.ts";

/**
 * When playback needs the first byte of what is asked for, ms from now. What is buffered is that of the segment's own
 * kind: while the sound is still missing, the element has nothing, but the third segment of the picture is not due yet.
 */
export function shakaDueInMs(player: ShakaPlayer, context: ShakaContext | undefined): number {
  const segment = context?.segment;
  const media = player.getMediaElement();
  // A part of a segment at the live edge is never early.
  if (!segment || segment.isPartial() || !media) return 0;
  const type = context.stream?.type;
  const { currentTime, playbackRate, buffered } = media;
  const ranges = type === "audio" || type === "video" ? player.getBufferedInfo()[type] : undefined;
  const own = ranges && {
    length: ranges.length,
    start: (i: number) => ranges[i]?.start ?? 0,
    end: (i: number) => ranges[i]?.end ?? 0,
  };
  return dueInMs({ currentTime, playbackRate, buffered: own ?? buffered }, segment.getStartTime());
}
