import type { EventQueue } from "./event-queue.ts";

/** A timer that can be set anew at any time. As in a browser it goes off at whole milliseconds, never early. */
export class Alarm {
  readonly #queue: EventQueue;
  readonly #ring: () => void;
  #wantedAt = Number.POSITIVE_INFINITY;
  #queuedAt = Number.POSITIVE_INFINITY;

  constructor(queue: EventQueue, ring: () => void) {
    this.#queue = queue;
    this.#ring = ring;
  }

  set(at: number): void {
    this.#wantedAt = Math.ceil(at);
    // An earlier one that is queued looks again when its time has come.
    if (this.#wantedAt >= this.#queuedAt || this.#wantedAt === Number.POSITIVE_INFINITY) return;
    const queuedAt = this.#wantedAt;
    this.#queuedAt = queuedAt;
    this.#queue.at(queuedAt, () => {
      if (this.#queuedAt !== queuedAt) return;
      this.#queuedAt = Number.POSITIVE_INFINITY;
      if (this.#wantedAt <= this.#queue.now) this.#ring();
      else this.set(this.#wantedAt);
    });
  }
}
