import { second } from "#sdk/base/time.ts";
import type { EventQueue } from "./event-queue.ts";

/** A host's line to the net. */
export interface LineOptions {
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** From the host to the middle of the net, one way, ms. */
  readonly latencyMs: number;
}

/** Something on its way. */
export interface Parcel {
  readonly bytes: number;
  /** It has left the sender. */
  readonly sent?: () => void;
  readonly arrived: () => void;
}

/** An ordered stream of parcels from one host to another. */
export class Flow {
  readonly to: Line;
  readonly queue: Parcel[] = [];
  /** Nothing more leaves; what left arrives. */
  closed = false;
  /** It waits for its turn on the sender's uplink. */
  waiting = false;

  constructor(to: Line) {
    this.to = to;
  }
}

/**
 * Store and forward: a parcel occupies the sender's uplink for its length, then, a latency later, the receiver's
 * downlink. Flows take turns on the uplink, as connections do.
 */
export class Line {
  readonly options: LineOptions;
  readonly #queue: EventQueue;
  readonly #turns: Flow[] = [];
  #sending = false;
  #downFreeAt = 0;

  constructor(queue: EventQueue, options: LineOptions) {
    this.#queue = queue;
    this.options = options;
  }

  send(flow: Flow, parcel: Parcel): void {
    flow.queue.push(parcel);
    this.#queueUp(flow);
    this.#next();
  }

  #queueUp(flow: Flow): void {
    if (flow.waiting || flow.queue.length === 0) return;
    flow.waiting = true;
    this.#turns.push(flow);
  }

  #next(): void {
    if (this.#sending) return;
    const flow = this.#turns.shift();
    if (!flow) return;
    flow.waiting = false;
    const parcel = flow.queue.shift();
    if (!parcel || flow.closed) return this.#next();
    this.#sending = true;
    this.#queue.after((parcel.bytes * second) / this.options.upBytesPerSecond, () => {
      this.#sending = false;
      this.#queueUp(flow);
      const latencyMs = this.options.latencyMs + flow.to.options.latencyMs;
      this.#queue.after(latencyMs, () => flow.to.#receive(parcel));
      if (!flow.closed) parcel.sent?.();
      this.#next();
    });
  }

  #receive(parcel: Parcel): void {
    const start = Math.max(this.#queue.now, this.#downFreeAt);
    this.#downFreeAt = start + (parcel.bytes * second) / this.options.downBytesPerSecond;
    this.#queue.at(this.#downFreeAt, parcel.arrived);
  }
}
