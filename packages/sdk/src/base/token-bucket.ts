import { second } from "./time.ts";

/** The burst lasts so long at the rate, ms: a bucket for a slow line must not save up seconds of it. */
const BURST_MS = second / 10;

/**
 * A token bucket (RFC 2697's committed rate): over any stretch of time no more than rate × time + burst is taken. What
 * is larger than the burst waits for a full bucket, and is paid off afterwards.
 */
export class TokenBucket {
  readonly #leastBurst: number;
  readonly #mostBurst: number;
  #rate = Number.POSITIVE_INFINITY;
  #tokens: number;
  #at = 0;

  /** `leastBurst`: what is usually taken at once; `mostBurst`: the bound, bytes. */
  constructor(burst: { readonly leastBurst: number; readonly mostBurst: number }) {
    this.#mostBurst = burst.mostBurst;
    this.#leastBurst = Math.min(burst.leastBurst, burst.mostBurst);
    this.#tokens = burst.mostBurst;
  }

  /** Bytes per second from now on; `Infinity`: no limit. */
  limit(rate: number, now: number): void {
    if (rate === this.#rate) return;
    this.#refill(now);
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, this.#burst);
  }

  /** How long until so many bytes may be taken, ms; 0: now. */
  waitMs(bytes: number, now: number): number {
    if (this.#rate === Number.POSITIVE_INFINITY) return 0;
    this.#refill(now);
    const missing = Math.min(bytes, this.#burst) - this.#tokens;
    // A hair's breadth is the rounding of floating point, and would be waited for without end.
    return missing > 1e-3 ? (missing * second) / this.#rate : 0;
  }

  take(bytes: number, now: number): void {
    if (this.#rate === Number.POSITIVE_INFINITY) return;
    this.#refill(now);
    this.#tokens -= bytes;
  }

  get #burst(): number {
    return Math.min(this.#mostBurst, Math.max(this.#leastBurst, (this.#rate * BURST_MS) / second));
  }

  #refill(now: number): void {
    const elapsed = now - this.#at;
    this.#at = now;
    if (this.#rate === Number.POSITIVE_INFINITY) this.#tokens = this.#burst;
    else this.#tokens = Math.min(this.#burst, this.#tokens + (this.#rate * elapsed) / second);
  }
}
