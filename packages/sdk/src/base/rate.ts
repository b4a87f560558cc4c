import { second } from "./time.ts";

/** Bytes per second over a sliding window of a few seconds, in constant memory: a ring of quarter-second buckets. */
export class RateMeter {
  static readonly bucketMs = second / 4;
  readonly #buckets = new Float64Array(16);
  #bucket = -1;
  #startedAt = -1;
  total = 0;

  add(bytes: number, now: number): void {
    this.#advance(now);
    if (this.#startedAt < 0) this.#startedAt = now;
    this.total += bytes;
    const slot = this.#bucket % this.#buckets.length;
    this.#buckets[slot] = (this.#buckets[slot] ?? 0) + bytes;
  }

  /** Bytes per second; 0 before anything was measured. */
  rate(now: number): number {
    if (this.#startedAt < 0) return 0;
    this.#advance(now);
    let sum = 0;
    for (const bytes of this.#buckets) sum += bytes;
    const windowMs = this.#buckets.length * RateMeter.bucketMs;
    const elapsed = Math.min(windowMs, Math.max(RateMeter.bucketMs, now - this.#startedAt));
    return (sum * second) / elapsed;
  }

  #advance(now: number): void {
    const bucket = Math.floor(now / RateMeter.bucketMs);
    if (bucket <= this.#bucket) return;
    const steps = Math.min(this.#buckets.length, bucket - this.#bucket);
    for (let i = 0; i < steps; i++) this.#buckets[(bucket - i) % this.#buckets.length] = 0;
    this.#bucket = bucket;
  }
}
