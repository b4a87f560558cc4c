import { second } from "#sdk/base/time.ts";
import type { EventQueue } from "./event-queue.ts";

/** A host's line to the net. */
export interface LineOptions {
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** From the host to the middle of the net, one way, ms. */
  readonly latencyMs: number;
  /** Parcels arrive while they are sent. */
  readonly cutThrough?: boolean;
}

/** Something on its way. */
export interface Parcel {
  readonly bytes: number;
  /** It has left the sender. */
  readonly sent?: () => void;
  readonly arrived: () => void;
  /** So small that it slips in between the packets of others; it takes no turn. */
  readonly small?: boolean;
}

/** An ordered stream of parcels from one host to another. */
export class Flow {
  readonly to: Line;
  readonly queue: Parcel[] = [];
  /** Nothing more leaves; what left arrives. */
  closed = false;
  /** It waits for its turn on the sender's uplink. */
  waiting = false;
  /** When its latest small parcel has left. */
  smallAt = 0;

  constructor(to: Line) {
    this.to = to;
  }
}

/**
 * A parcel occupies the sender's uplink for its length, then, a latency later, the receiver's downlink. Flows take turns
 * on the uplink, as connections do. By default it is stored and forwarded as a whole; with `cutThrough` the receiver's
 * downlink takes it in while it is sent, as packets do, so that a parcel of megabytes does not pay its length twice.
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
    if (parcel.small) return this.#slipIn(flow, parcel);
    flow.queue.push(parcel);
    this.#queueUp(flow);
    this.#next();
  }

  #slipIn(flow: Flow, parcel: Parcel): void {
    const { options } = flow.to;
    const rate = Math.min(this.options.upBytesPerSecond, options.downBytesPerSecond);
    // In order, as the small ones before it: a longer one must not be overtaken.
    flow.smallAt = Math.max(flow.smallAt, this.#queue.now) + (parcel.bytes * second) / rate;
    this.#queue.at(flow.smallAt + this.options.latencyMs + options.latencyMs, parcel.arrived);
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
    const { now } = this.#queue;
    const lengthMs = (parcel.bytes * second) / this.options.downBytesPerSecond;
    if (this.options.cutThrough) this.#downFreeAt = Math.max(now, this.#downFreeAt + lengthMs);
    else this.#downFreeAt = Math.max(now, this.#downFreeAt) + lengthMs;
    this.#queue.at(this.#downFreeAt, parcel.arrived);
  }
}
