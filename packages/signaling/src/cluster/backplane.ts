import type { RivuletError } from "@rivulet/sdk/protocol";

export interface BackplaneEvents {
  /** Emitted when something was published on a channel that is subscribed to, by this process too. */
  onMessage(channel: string, text: string): void;
  /** Emitted when a subscription that was asked for while the bus was there has begun. */
  onSubscribed(channel: string): void;
  /** Emitted when the bus is there, and every subscription that was asked for has begun. */
  onUp(): void;
  /** Emitted when the bus is lost, or cannot be had at the start; once, until it is there again. */
  onDown(cause: RivuletError): void;
}

/**
 * A bus between the processes. What one process publishes comes in that order, and once, to each that is subscribed;
 * or the link of one of the two breaks, and `onDown` says so. Nothing is kept: what is published while there is no link,
 * or to a channel without subscribers, is lost. No event comes before the call that led to it has returned.
 */
export interface Backplane {
  publish(channel: string, text: string): void;
  /** Holds until `unsubscribe`, through any number of lost links. */
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  /** What was published before is still handed over, where that does not take long. No event comes afterwards. */
  close(): Promise<void>;
}

/** Begins to connect; never throws for a bus that is not there. */
export type ConnectBackplane = (events: BackplaneEvents) => Backplane;
