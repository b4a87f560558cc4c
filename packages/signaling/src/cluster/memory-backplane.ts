import type { Backplane, BackplaneEvents, ConnectBackplane } from "./backplane.ts";

/** A bus within one process, for several servers that are embedded in it. */
export class MemoryHub {
  readonly #ends = new Set<MemoryBackplane>();

  /** To be given to each of the servers. */
  readonly connect: ConnectBackplane = (events) => {
    const end = new MemoryBackplane(this, events);
    this.#ends.add(end);
    end.later(() => events.onUp());
    return end;
  };

  /** To those who are subscribed now, not to those who are when it arrives. */
  publish(channel: string, text: string): void {
    for (const end of this.#ends) end.offer(channel, text);
  }

  remove(end: MemoryBackplane): void {
    this.#ends.delete(end);
  }
}

class MemoryBackplane implements Backplane {
  readonly #hub: MemoryHub;
  readonly #events: BackplaneEvents;
  readonly #channels = new Set<string>();
  #isClosed = false;

  constructor(hub: MemoryHub, events: BackplaneEvents) {
    this.#hub = hub;
    this.#events = events;
  }

  publish(channel: string, text: string): void {
    if (!this.#isClosed) this.#hub.publish(channel, text);
  }

  subscribe(channel: string): void {
    this.#channels.add(channel);
    this.later(() => this.#events.onSubscribed(channel));
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#hub.remove(this);
  }

  offer(channel: string, text: string): void {
    if (this.#channels.has(channel)) this.later(() => this.#events.onMessage(channel, text));
  }

  /** Immediates keep their order, and let sockets be read in between. */
  later(act: () => void): void {
    setImmediate(() => {
      if (!this.#isClosed) act();
    });
  }
}
