/** How many seconds lie ready from where playback stands; 0 when it stands in a gap. */
export function bufferedAhead({
  currentTime,
  buffered,
}: Pick<HTMLMediaElement, "currentTime" | "buffered">): number {
  for (let i = 0; i < buffered.length; i++) {
    if (currentTime >= buffered.start(i) - 0.1 && currentTime < buffered.end(i)) {
      return buffered.end(i) - currentTime;
    }
  }
  return 0;
}

/** How many seconds of a list of ranges, overlaps there are none. */
export function totalSeconds(ranges: TimeRanges): number {
  let sum = 0;
  for (let i = 0; i < ranges.length; i++) sum += ranges.end(i) - ranges.start(i);
  return sum;
}
