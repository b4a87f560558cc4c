import { second } from "#sdk/base/time.ts";
import type { Effect, Want } from "#sdk/engine/io.ts";

type Deliver = Extract<Effect, { type: "deliver" }>;

/** The page's side of one want: takes bytes in order, notes how late each came, and reads as fast as it is told to. */
export class Consumer {
  readonly want: Want;
  readonly startedAt: number;
  received: number;
  consumed: number;
  firstByteAt: number | undefined;
  doneAt: number | undefined;
  failure: Error | undefined;
  cancelled = false;
  /** How long after its deadline the latest delivery came, ms; negative when all were early. */
  worstLateMs = Number.NEGATIVE_INFINITY;
  bytesFromPeers = 0;
  bytesFromOrigin = 0;
  /** It reads no further than this byte of the resource. */
  readonly readsUpTo: number;

  constructor(want: Want, options: { readonly now: number; readonly readsUpTo?: number }) {
    this.want = want;
    this.startedAt = options.now;
    this.received = want.start;
    this.consumed = want.start;
    this.readsUpTo = options.readsUpTo ?? Number.POSITIVE_INFINITY;
  }

  get over(): boolean {
    return this.doneAt !== undefined || this.failure !== undefined || this.cancelled;
  }

  get tookMs(): number {
    return (this.doneAt ?? Number.NaN) - this.startedAt;
  }

  /** Returns the position it has read up to, when that changed. */
  deliver(delivery: Deliver, now: number): number | undefined {
    const { want } = this;
    if (this.over) throw new Error(`Want ${want.want} is over and was given more.`);
    if (delivery.start !== this.received || delivery.end > want.end || delivery.end <= delivery.start) {
      throw new Error(
        `Want ${want.want} was given ${delivery.start}–${delivery.end}, not what follows ${this.received}.`,
      );
    }
    const { firstByteMs, minBytesPerSecond } = want.patience;
    const dueAt = this.startedAt + firstByteMs + ((delivery.start - want.start) * second) / minBytesPerSecond;
    this.worstLateMs = Math.max(this.worstLateMs, now - dueAt);
    this.firstByteAt ??= now;
    this.received = delivery.end;
    if (delivery.source.from === "peer") this.bytesFromPeers += delivery.end - delivery.start;
    if (delivery.source.from === "origin") this.bytesFromOrigin += delivery.end - delivery.start;
    if (this.received === want.end) this.doneAt = now;
    const position = Math.min(this.received, this.readsUpTo);
    if (position <= this.consumed) return undefined;
    this.consumed = position;
    return position;
  }
}
