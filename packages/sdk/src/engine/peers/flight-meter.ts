import { second } from "../../base/time.ts";

/** Of a slower sample the measured rate takes on one part in so many, of a faster one all. */
const SLOWER_SHARE = 8;

/** What one request was sent into: when, and how much had been delivered by then. */
export interface Mark {
  readonly at: number;
  readonly deliveredBytes: number;
}

/**
 * How fast a peer delivers, and how long its answers take when nothing is in their way, both measured from request to
 * answer, as BBR samples them (Cardwell et al. 2016).
 */
export class FlightMeter {
  #deliveredBytes = 0;
  #bytesPerSecond = 0;
  /** Of the connection's whole life: a spell without a queue of our own making may not come again. */
  #shortestMs = Number.POSITIVE_INFINITY;

  mark(at: number): Mark {
    return { at, deliveredBytes: this.#deliveredBytes };
  }

  /** The answer to what was marked came. */
  arrived({ at, deliveredBytes }: Mark, bytes: number, now: number): void {
    this.#deliveredBytes += bytes;
    const roundTripMs = Math.max(1, now - at);
    const sample = ((this.#deliveredBytes - deliveredBytes) * second) / roundTripMs;
    const change = sample - this.#bytesPerSecond;
    this.#bytesPerSecond += change > 0 ? change : change / SLOWER_SHARE;
    this.#shortestMs = Math.min(this.#shortestMs, roundTripMs);
  }

  /** What is delivered in one round trip and so much longer, bytes; 0 before anything was measured. */
  bytesIn(extraMs: number): number {
    if (this.#bytesPerSecond === 0) return 0;
    return (this.#bytesPerSecond * (this.#shortestMs + extraMs)) / second;
  }
}
