import { KIB } from "../../base/bytes.ts";
import { second } from "../../base/time.ts";

/** How the estimate begins and how much of the uplink it leaves to others; see `EngineOptions`. */
export interface UplinkOptions {
  readonly uplinkStartBytesPerSecond: number;
  readonly uplinkShare: number;
  readonly uplinkFreeBytesPerSecond: number;
}

/** A verdict needs so many samples and so much time, or much time; in slow start it comes sooner, ms. */
const SAMPLES = 4;
const EPOCH_MS = second / 4;
const START_EPOCH_MS = second / 50;
const CONGESTED_EPOCH_MS = second / 20;
const TELLING_BYTES = 128 * KIB;
const LONG_EPOCH_MS = 2 * second;
/** A queue that lasts longer than this is one of our own making; within bounds: most of a chunk, and a few. */
const QUEUE_MS = second / 10;
const LEAST_QUEUE_BYTES = 48 * KIB;
const MOST_QUEUE_BYTES = 256 * KIB;
/** A line that drains this much of what was tried may be starting slowly itself; it is full when it gains no more. */
const PROMISING = 0.25;
const GAIN = 1.25;
/** The uplink grows by this in the first epoch without a queue, by half as much again in each one that follows. */
const PROBE = 0.01;
const PROBE_GROWTH = 1.5;
const MOST_PROBE = 0.25;
const HASTY = 8;
/** One bad epoch may be somebody else's: the estimate never falls by more at once. */
const MOST_FALL = 0.7;
const LEAST_BYTES_PER_SECOND = 32 * KIB;
/** The standing queue is the least one of so many epochs. */
const EPOCHS_OF_BASE = 4;
/** A page whose turns come so late sees its own queue as late: it may have drained meanwhile, and filled, unseen. */
const LATE_MS = 30;
/** What is left of that from one epoch to the next. */
const LATE_FADES = 0.8;

/**
 * What the uplink carries, learnt from how fast the channels drain, and how much of it uploads may take: they must not
 * fill it, or everything else that the visitor does waits behind them. The queue is ours to see, so its length stands
 * for its delay as in LEDBAT (RFC 6817): a slow start until it grows, then a share of what drained meanwhile, and a
 * probe upwards as long as no queue answers (as BBR probes, Cardwell et al. 2016). A peer that is slow to take holds a
 * queue too, but one that stands still: only what is above the least of late counts. To a busy page a queue looks longer
 * than it is, and slower to drain; there only one that was never shorter for a whole epoch counts, as in CoDel (RFC 8289).
 */
export class UplinkEstimate {
  readonly #options: UplinkOptions;
  #starting = true;
  /** What the uplink carries as far as is known; while starting what it was tried with. Bytes per second. */
  #capacity: number;
  #queue = 0;
  #sent = 0;
  /** The epoch: the samples since the last verdict. */
  #epochAt = Number.NaN;
  #drained = 0;
  #samples = 0;
  #least = 0;
  /** The least that was seen in this epoch. */
  #low = Number.POSITIVE_INFINITY;
  /** By how much the page's turns came too late of late, ms. */
  #lateMs = 0;
  #held = false;
  #clean = 0;
  #measured = 0;
  readonly #leasts: number[] = [];

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#capacity = options.uplinkStartBytesPerSecond;
  }

  /** What uploads may use, bytes per second; `Infinity` for a line so fast that its channels' own bounds do. */
  get allowance(): number {
    if (this.#isFree) return Number.POSITIVE_INFINITY;
    return this.#starting ? this.#capacity : this.#capacity * this.#options.uplinkShare;
  }

  /** More would have been sent, had the allowance been larger. */
  held(): void {
    this.#held = true;
  }

  /** What might have been sent then is sent so much later, ms: the page is as busy as that. */
  late(ms: number): void {
    this.#lateMs = Math.max(this.#lateMs, ms);
  }

  /** So many bytes were handed to a channel. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** All channels together hold so many bytes. Returns what of them is to drain before anything else is sent. */
  queued(bytes: number, now: number): number {
    this.#drained += Math.max(0, this.#queue + this.#sent - bytes);
    this.#queue = bytes;
    this.#sent = 0;
    this.#least = Math.min(this.#least, bytes);
    this.#samples++;
    if (Number.isNaN(this.#epochAt)) return this.#begin(now);
    const elapsedMs = now - this.#epochAt;
    this.#low = Math.min(this.#low, bytes);
    const busy = this.#lateMs > LATE_MS;
    const above = (busy ? this.#low : bytes) - Math.min(this.#least, ...this.#leasts);
    const limit = Math.min(
      this.#starting ? MOST_QUEUE_BYTES / 2 : MOST_QUEUE_BYTES,
      Math.max(LEAST_QUEUE_BYTES, (this.#capacity * QUEUE_MS) / second),
    );
    const enough = this.#samples >= SAMPLES || elapsedMs >= LONG_EPOCH_MS;
    if (above > limit) {
      // Too little to tell a rate from: what there is drains first.
      if (elapsedMs < this.#verdictMs(busy) || (this.#drained < TELLING_BYTES && elapsedMs < second))
        return this.#starting ? above : 0;
      // No line is as slow as that: whom it is for is gone.
      return this.#drained === 0 ? this.#begin(now) : this.#congested(above, elapsedMs, now);
    }
    if (this.#starting ? elapsedMs < START_EPOCH_MS : !enough || elapsedMs < EPOCH_MS) return 0;
    const measured = (this.#drained * second) / elapsedMs;
    if (this.#held && above <= limit / 2) this.#probe();
    else this.#clean = 0;
    this.#capacity = Math.max(this.#capacity, measured);
    return this.#begin(now);
  }

  get #isFree(): boolean {
    return this.#capacity >= this.#options.uplinkFreeBytesPerSecond;
  }

  /** Lost packets make a fast line's connections pause for a second or more: it is slow when it is for longer. */
  #verdictMs(busy: boolean): number {
    if (this.#isFree) return LONG_EPOCH_MS;
    return busy ? EPOCH_MS : CONGESTED_EPOCH_MS;
  }

  #congested(above: number, elapsedMs: number, now: number): number {
    const measured = (this.#drained * second) / elapsedMs;
    const gained = measured > GAIN * this.#measured && measured > PROMISING * this.#capacity;
    this.#measured = measured;
    const fell = measured < MOST_FALL * this.#capacity;
    if (this.#starting && gained) return this.#begin(now);
    this.#capacity = Math.max(
      LEAST_BYTES_PER_SECOND,
      measured,
      this.#starting || this.#isFree ? 0 : this.#capacity * MOST_FALL,
    );
    // The first verdict rests on little, a deep fall may be one slow peer's: mended in large steps until confirmed.
    this.#clean = this.#starting || fell ? HASTY : 0;
    this.#starting = false;
    this.#begin(now);
    // A bad measurement must not silence us for longer than it takes to make a better one.
    return this.#isFree ? 0 : Math.min(above, this.#capacity);
  }

  #probe(): void {
    if (this.#starting) this.#capacity *= 2;
    else this.#capacity *= 1 + Math.min(MOST_PROBE, PROBE * PROBE_GROWTH ** this.#clean);
    this.#clean++;
  }

  #begin(now: number): number {
    this.#leasts.push(this.#least);
    // A slow start is over before a peer could be slow: whatever queue there is, we made.
    if (this.#leasts.length > EPOCHS_OF_BASE && !this.#starting)
      this.#leasts.splice(0, this.#leasts.length - EPOCHS_OF_BASE);
    this.#least = this.#queue;
    this.#low = Number.POSITIVE_INFINITY;
    this.#lateMs *= LATE_FADES;
    this.#epochAt = now;
    this.#drained = 0;
    this.#samples = 0;
    this.#held = false;
    return 0;
  }
}
