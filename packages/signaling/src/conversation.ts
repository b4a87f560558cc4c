import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import type { Caller } from "./access/grant.ts";
import type { ConnectionId, Delivery } from "./delivery.ts";

/** A message as it came in, before anybody looked into it. A text frame is valid UTF-8 (RFC 6455 §8.1). */
export interface Incoming {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** What is said of a connection that is about to be closed. */
export interface Farewell {
  readonly code: SignalErrorCode;
  readonly message: string;
}

/**
 * One of the protocols that the server speaks, each on its own path. Decides, and does nothing: every call returns what
 * is to be sent and closed.
 */
export interface Conversation {
  open(connection: ConnectionId, caller: Caller): void;
  hear(connection: ConnectionId, incoming: Incoming, now: number): Delivery[];
  /** Whether it has said who it is. */
  isGreeted(connection: ConnectionId): boolean;
  /** Called about once a second, for what lapses by itself. */
  sweep(now: number): void;
  /** The connection is gone, whoever closed it. */
  close(connection: ConnectionId): void;
  /** An error in the protocol's own words. */
  refuse(connection: ConnectionId, farewell: Farewell): Delivery[];
}
