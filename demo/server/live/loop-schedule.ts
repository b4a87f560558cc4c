import { formatLivePlaylist, type LiveSegment } from "./live-playlist.ts";
import { firstSegmentNumber, GRACE_SEGMENTS, WINDOW_SEGMENTS } from "./packager.ts";

/** What has to be done to the folder. */
export interface LoopStep {
  /** Segments to write, by number, and which of the loop's each of them is. */
  readonly added: readonly { readonly number: number; readonly slot: number }[];
  /** Numbers of segments to remove; some may never have been written. */
  readonly gone: readonly number[];
  /** The playlist, to be written after the former and before the latter. */
  readonly playlist: string;
}

/**
 * Which segment of a loop is on air when. The window is full from the start, as if the channel had been on air for a
 * while.
 */
export class LoopSchedule {
  readonly #durationsMs: readonly number[];
  readonly #firstNumber: number;
  #segments: LiveSegment[] = [];
  /** How many segments there were so far, and when the next one begins. */
  #count = 0;
  #nextStartsAtMs: number;
  #earlierBreaks = 0;

  /** `durationsMs` of the loop's segments, of which there must be one. */
  constructor(durationsMs: readonly number[], nowMs: number) {
    this.#durationsMs = durationsMs;
    this.#firstNumber = firstSegmentNumber(nowMs);
    let windowMs = 0;
    for (let index = 0; index < WINDOW_SEGMENTS; index++) windowMs += this.#durationMs(index);
    this.#nextStartsAtMs = nowMs - windowMs;
  }

  /** When the next segment is complete, ms since 1970. */
  get nextAtMs(): number {
    return this.#nextStartsAtMs + this.#durationMs(this.#count);
  }

  /** Publishes all segments whose last frame was "shown" by now. */
  advance(nowMs: number): LoopStep {
    const added: { number: number; slot: number }[] = [];
    const gone: number[] = [];
    while (this.nextAtMs <= nowMs) {
      const number = this.#firstNumber + this.#count;
      const slot = this.#count % this.#durationsMs.length;
      const durationMs = this.#durationMs(this.#count);
      const isBreak = slot === 0 && this.#count > 0;
      this.#segments.push({ number, startsAtMs: this.#nextStartsAtMs, durationMs, isBreak });
      added.push({ number, slot });
      this.#nextStartsAtMs += durationMs;
      this.#count++;
      if (this.#segments.length > WINDOW_SEGMENTS) gone.push(this.#forgetFirst());
    }
    const window = { segments: this.#segments, earlierBreaks: this.#earlierBreaks };
    // A machine that wakes up has hours to catch up with: what has left the window meanwhile need not be written.
    return { added: added.slice(-WINDOW_SEGMENTS), gone, playlist: formatLivePlaylist(window) };
  }

  /** Returns the number of the segment that goes for good. */
  #forgetFirst(): number {
    const first = this.#segments.shift();
    // A break leaves the list together with the segment after it.
    if (first?.isBreak) this.#earlierBreaks++;
    return (first?.number ?? 0) - GRACE_SEGMENTS;
  }

  #durationMs(index: number): number {
    const durationMs = this.#durationsMs[index % this.#durationsMs.length];
    if (durationMs === undefined) throw new Error("The loop has no segments.");
    return durationMs;
  }
}
