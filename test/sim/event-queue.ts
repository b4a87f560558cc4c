type Action = () => void;

const FIRST_CAPACITY = 1024;

/**
 * Virtual time: a binary heap of what will happen. What is due at the same time happens in the order it was asked for.
 * Times and orders are in typed arrays: a world of thousands has a hundred thousand events waiting.
 */
export class EventQueue {
  /** Milliseconds since the world began. */
  now = 0;
  /** How much has happened. */
  happened = 0;
  #times = new Float64Array(FIRST_CAPACITY);
  #orders = new Float64Array(FIRST_CAPACITY);
  readonly #actions: Action[] = [];
  #order = 0;

  /** Does something at `time`, or now when that has passed. */
  at(time: number, action: Action): void {
    const size = this.#actions.length;
    if (size === this.#times.length) this.#grow();
    this.#actions.push(action);
    this.#rise(size, Math.max(time, this.now), action);
  }

  after(delayMs: number, action: Action): void {
    this.at(this.now + delayMs, action);
  }

  /** Lets time pass until `until`, until `done` says so, or until nothing is left to happen. */
  run(until: number, done: () => boolean = () => false): void {
    while (!done()) {
      const action = this.#actions[0];
      const at = this.#times[0] as number;
      if (!action || at > until) {
        this.now = until;
        return;
      }
      this.#removeFirst();
      this.now = at;
      this.happened++;
      action();
    }
  }

  #rise(from: number, at: number, action: Action): void {
    const order = this.#order++;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#later(parent, at, order)) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#times[i] = at;
    this.#orders[i] = order;
    this.#actions[i] = action;
  }

  #removeFirst(): void {
    const last = this.#actions.length - 1;
    const at = this.#times[last] as number;
    const order = this.#orders[last] as number;
    const action = this.#actions.pop() as Action;
    if (last === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= last) break;
      const right = child + 1;
      if (right < last && this.#later(child, this.#times[right] as number, this.#orders[right] as number))
        child = right;
      if (this.#later(child, at, order)) break;
      this.#move(child, i);
      i = child;
    }
    this.#times[i] = at;
    this.#orders[i] = order;
    this.#actions[i] = action;
  }

  /** True when the event at `i` comes after one of this time and order. */
  #later(i: number, at: number, order: number): boolean {
    const time = this.#times[i] as number;
    return time > at || (time === at && (this.#orders[i] as number) > order);
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number;
    this.#orders[to] = this.#orders[from] as number;
    this.#actions[to] = this.#actions[from] as Action;
  }

  #grow(): void {
    const [times, orders] = [this.#times, this.#orders];
    this.#times = new Float64Array(2 * times.length);
    this.#times.set(times);
    this.#orders = new Float64Array(2 * orders.length);
    this.#orders.set(orders);
  }
}
