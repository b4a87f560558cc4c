/** Lets so many run at a time and so many wait: what is urgent before the rest, else first come, first served. */
export class FetchSlots {
  readonly #concurrent: number;
  readonly #queued: number;
  readonly #urgent: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #running = 0;

  constructor(limits: { readonly concurrent: number; readonly queued: number }) {
    this.#concurrent = limits.concurrent;
    this.#queued = limits.queued;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#urgent.length + this.#others.length;
  }

  /** Runs the work in its turn; undefined when too many wait already. */
  run<T>(work: () => Promise<T>, isUrgent = false): Promise<T> | undefined {
    if (this.#running < this.#concurrent) return this.#start(work);
    if (this.waiting >= this.#queued) return undefined;
    return new Promise((resolve, reject) => {
      const queue = isUrgent ? this.#urgent : this.#others;
      queue.push(() => this.#start(work).then(resolve, reject));
    });
  }

  async #start<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      const next = this.#urgent.shift() ?? this.#others.shift();
      next?.();
    }
  }
}
