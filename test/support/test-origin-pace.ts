import { setTimeout as sleep } from "node:timers/promises";

const MAX_BLOCK_BYTES = 64 * 1024;
const MIN_BLOCK_BYTES = 1024;

/** How fast an origin answers: one pace for all its connections together. It may be changed at any time. */
export class Pace {
  /** Wait before the first byte of each answer, ms. */
  latencyMs: number;
  /** Unlimited when undefined. */
  bytesPerSecond: number | undefined;
  #freeAt = 0;

  constructor(latencyMs: number, bytesPerSecond: number | undefined) {
    this.latencyMs = latencyMs;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Small enough that connections take turns about fifty times a second. */
  get blockBytes(): number {
    if (this.bytesPerSecond === undefined) return MAX_BLOCK_BYTES;
    return Math.max(MIN_BLOCK_BYTES, Math.min(MAX_BLOCK_BYTES, Math.floor(this.bytesPerSecond / 50)));
  }

  async latency(signal: AbortSignal): Promise<void> {
    if (this.latencyMs > 0) await sleep(this.latencyMs, undefined, { signal });
  }

  /** Waits until so many bytes may go out. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === undefined) return;
    const now = performance.now();
    const startAt = Math.max(now, this.#freeAt);
    this.#freeAt = startAt + (bytes * 1000) / this.bytesPerSecond;
    // Timers are coarse; by keeping the books in fractions the pace is right on average.
    if (this.#freeAt - now >= 1) await sleep(this.#freeAt - now, undefined, { signal });
  }
}
