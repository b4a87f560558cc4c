import { setTimeout as sleep } from "node:timers/promises";

const MAX_BLOCK_BYTES = 64 * 1024;
const MIN_BLOCK_BYTES = 1024;

/** Where the time comes from: a test's own, where it must not depend on the machine's. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** How fast an origin answers: one pace for all its connections together. It may be changed at any time. */
export class Pace {
  /** Wait before the first byte of each answer, ms. */
  latencyMs: number;
  /** Unlimited when undefined. */
  bytesPerSecond: number | undefined;
  readonly #clock: Clock;
  #freeAt = 0;

  constructor(latencyMs: number, bytesPerSecond: number | undefined, clock: Clock = REAL_CLOCK) {
    this.latencyMs = latencyMs;
    this.bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
  }

  /** Small enough that connections take turns about fifty times a second. */
  get blockBytes(): number {
    if (this.bytesPerSecond === undefined) return MAX_BLOCK_BYTES;
    return Math.max(MIN_BLOCK_BYTES, Math.min(MAX_BLOCK_BYTES, Math.floor(this.bytesPerSecond / 50)));
  }

  async latency(signal: AbortSignal): Promise<void> {
    if (this.latencyMs > 0) await this.#clock.sleep(this.latencyMs, signal);
  }

  /** Waits until so many bytes may go out. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === undefined) return;
    const now = this.#clock.now();
    const startAt = Math.max(now, this.#freeAt);
    this.#freeAt = startAt + (bytes * 1000) / this.bytesPerSecond;
    // Timers are coarse; by keeping the books in fractions the pace is right on average.
    if (this.#freeAt - now >= 1) await this.#clock.sleep(this.#freeAt - now, signal);
  }
}
