import { second } from "../base/time.ts";
import type { Patience } from "../engine/io.ts";
import type { Line, Playback } from "./playback.ts";

/** What is left of the time until playback needs the bytes goes to parsing and decoding them, and to surprises. */
const RESERVE_SHARE = 1 / 5;
const LEAST_RESERVE_MS = 0.4 * second;
/** The origin may be slower than it was seen to be. */
const ORIGIN_MARGIN = 1.25;
/** The engine asks the origin as much earlier as it takes to answer, up to this. */
const ORIGIN_LEAD_MS = 1 * second;
/** Players give up a request whose first byte takes 10 s (hls.js), or that makes no progress for 5 s (Shaka). */
const LONGEST_WAIT_MS = 4.5 * second;

/** Of the time until playback needs media, so much may pass until what it needs first is there; where it stands still, this. */
const GRACE_SHARE = 1 / 4;
const LEAST_GRACE_MS = second / 4;

/** How long media may wait for what it needs before its bytes, a script or a manifest, ms. */
export function graceOf({ dueInMs }: Playback): number {
  return Math.max(LEAST_GRACE_MS, dueInMs * GRACE_SHARE);
}

/** How long a segment may wait for peers: so long that the origin can still bring all of it before playback needs it. */
export function patienceOf(
  { dueInMs, bytes = Number.POSITIVE_INFINITY }: Playback,
  segment: {
    readonly bytes: number;
    readonly line: Line;
    readonly strangersMs: number;
    /** Of the time that it could wait, 0 to 1. */
    readonly share: number;
  },
): Patience {
  const { line, strangersMs, share } = segment;
  const sendingMs = ((Math.min(bytes, segment.bytes) * second) / line.bytesPerSecond) * ORIGIN_MARGIN;
  const originMs = Math.max(0, line.firstByteMs - ORIGIN_LEAD_MS) + sendingMs;
  const reserveMs = Math.max(LEAST_RESERVE_MS, dueInMs * RESERVE_SHARE);
  const firstByteMs = Math.min(LONGEST_WAIT_MS, Math.max(0, dueInMs - reserveMs - originMs) * share);
  return {
    firstByteMs,
    strangersMs: Math.min(firstByteMs, strangersMs),
    minBytesPerSecond: line.bytesPerSecond,
  };
}
