/** What one load process counts over a window. */
export class Tally {
  /** Answers to what was asked: announce replies, pongs. */
  replies = 0;
  /** Messages that others caused: offers, introductions, echoes. */
  relayed = 0;
  /** What was said wrong, by what it is, and how often. */
  readonly errors = new Map<string, number>();
  /** Connections that ended though nobody here ended them. */
  closed = 0;
  /** Messages that were read as a whole and found right. */
  checked = 0;
  #latenciesMs: number[] = [];

  error(what: string): void {
    this.errors.set(what, (this.errors.get(what) ?? 0) + 1);
  }

  took(ms: number): void {
    this.#latenciesMs.push(ms);
  }

  get latenciesMs(): readonly number[] {
    return this.#latenciesMs;
  }

  /** Forgets the first latencies. */
  forget(count: number): void {
    this.#latenciesMs = this.#latenciesMs.slice(count);
  }

  reset(): void {
    this.replies = 0;
    this.relayed = 0;
    this.closed = 0;
    this.checked = 0;
    this.errors.clear();
    this.#latenciesMs = [];
  }

  counts(): Counts {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    const quantile = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    return {
      replies: this.replies,
      relayed: this.relayed,
      checked: this.checked,
      closed: this.closed,
      errors: Object.fromEntries(this.errors),
      p50Ms: quantile(0.5) ?? 0,
      p99Ms: quantile(0.99) ?? 0,
      maxMs: quantile(1) ?? 0,
    };
  }
}

export interface Counts {
  readonly replies: number;
  readonly relayed: number;
  readonly checked: number;
  readonly closed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export function errorCount({ errors }: Counts): number {
  return Object.values(errors).reduce((total, count) => total + count, 0);
}
