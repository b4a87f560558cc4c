interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Virtual time: a binary heap of what will happen. What is due at the same time happens in the order it was asked for. */
export class EventQueue {
  /** Milliseconds since the world began. */
  now = 0;
  /** How much has happened. */
  happened = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  /** Does something at `time`, or now when that has passed. */
  at(time: number, action: () => void): void {
    const event = { at: Math.max(time, this.now), order: this.#order++, action };
    const heap = this.#heap;
    let i = heap.length;
    heap.push(event);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Event;
      if (!sooner(event, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = event;
  }

  after(delayMs: number, action: () => void): void {
    this.at(this.now + delayMs, action);
  }

  /** Lets time pass until `until`, until `done` says so, or until nothing is left to happen. */
  run(until: number, done: () => boolean = () => false): void {
    while (!done()) {
      const next = this.#heap[0];
      if (!next || next.at > until) {
        this.now = until;
        return;
      }
      this.#removeFirst();
      this.now = next.at;
      this.happened++;
      next.action();
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && sooner(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!sooner(heap[child] as Event, last)) break;
      heap[i] = heap[child] as Event;
      i = child;
    }
    heap[i] = last;
  }
}

function sooner(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
