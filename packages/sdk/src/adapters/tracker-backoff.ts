import type { Random } from "../base/random.ts";

/**
 * Exponential back-off with full jitter ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015): when a server
 * comes back, its clients do not all come back with it at once.
 */
export class Backoff {
  readonly #limits: { readonly minDelayMs: number; readonly maxDelayMs: number };
  readonly #random: Random;
  #ceilingMs: number;

  constructor(limits: { readonly minDelayMs: number; readonly maxDelayMs: number }, random: Random) {
    this.#limits = limits;
    this.#random = random;
    this.#ceilingMs = limits.minDelayMs;
  }

  /** Anything from nothing to the ceiling, which doubles with each call: `minDelayMs` first, `maxDelayMs` at most. */
  next(): number {
    const delayMs = this.#random.next() * this.#ceilingMs;
    this.#ceilingMs = Math.min(this.#limits.maxDelayMs, 2 * this.#ceilingMs);
    return delayMs;
  }

  reset(): void {
    this.#ceilingMs = this.#limits.minDelayMs;
  }
}
