import { second } from "@rivulet/sdk/protocol";

/** However eagerly viewers ask, and however short its segments: a playlist is not read more often. */
export const LEAST_POLL_GAP_MS = second / 2;
const USUAL_TARGET_MS = 6 * second;
const MOST_TARGET_MS = 60 * second;

/** When a live playlist is to be read again (RFC 8216 §6.3.4), and when a viewer's question is a reason to do so before. */
export class PollPace {
  #targetMs = USUAL_TARGET_MS;
  #polledAtMs = Number.NEGATIVE_INFINITY;
  #changedAtMs = Number.NEGATIVE_INFINITY;

  /** `targetMs`: the shortest of the playlists' target durations, when one could be read. */
  polled(found: { readonly isChanged: boolean; readonly targetMs: number | undefined }, now: number): void {
    this.#targetMs = Math.min(MOST_TARGET_MS, found.targetMs ?? this.#targetMs);
    this.#polledAtMs = now;
    if (found.isChanged) this.#changedAtMs = now;
  }

  /** After a change one target duration passes until the next; who was too early looks again after half of it. */
  get delayMs(): number {
    const isChanged = this.#changedAtMs === this.#polledAtMs;
    return Math.max(LEAST_POLL_GAP_MS, isChanged ? this.#targetMs : this.#targetMs / 2);
  }

  /**
   * True when a viewer who asks is likely to have seen a segment that is not known here: viewers ask again when their
   * player wants one that is not listed. Soon after a change there is no other.
   */
  isDue(now: number): boolean {
    return now - this.#polledAtMs >= LEAST_POLL_GAP_MS && now - this.#changedAtMs >= this.#targetMs / 2;
  }
}
