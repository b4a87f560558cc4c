/** Before anything is known: those who start together meet while the first segments are on their way. */
const FIRST = 1;
const LEAST = 1 / 10;
const GROWTH = 1.25;
const DECAY = 1 / 2;
const LEAST_TELLING_MS = 100;

/**
 * Of the time that a segment could wait for peers, the share that it does: more after waits that paid off, less after
 * those in which the origin had to step in. A player among slow peers keeps its buffer nearly as full as without them.
 */
export class WaitShare {
  #share = FIRST;

  get value(): number {
    return this.#share;
  }

  /** A segment that could wait `mostMs` was there after `tookMs`. What could hardly wait tells nothing. */
  waited(tookMs: number, mostMs: number): void {
    if (mostMs < LEAST_TELLING_MS) return;
    const paidOff = tookMs < mostMs;
    this.#share = paidOff ? Math.min(1, this.#share * GROWTH) : Math.max(LEAST, this.#share * DECAY);
  }
}
