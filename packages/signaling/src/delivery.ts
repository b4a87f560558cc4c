import type { ErrorSubject, ServerMessage, SignalCloseReason, SignalErrorCode } from "@rivulet/sdk/protocol";

declare const brand: unique symbol;
/** Names one connection for the life of the process; never used again, unlike a peer id, which moves to a new one. */
export type ConnectionId = number & { readonly [brand]: "ConnectionId" };

/** What a decision wants done; the server does it, in order. */
export type Delivery =
  | { readonly type: "send"; readonly to: ConnectionId; readonly message: ServerMessage }
  | { readonly type: "close"; readonly to: ConnectionId; readonly reason: SignalCloseReason };

export interface Refusal {
  readonly code: SignalErrorCode;
  readonly message: string;
  readonly about?: ErrorSubject;
}

export function send(to: ConnectionId, message: ServerMessage): Delivery[] {
  return [{ type: "send", to, message }];
}

export function refuse(to: ConnectionId, refusal: Refusal): Delivery[] {
  return send(to, { type: "error", ...refusal });
}

/** The error first: a client that only reads messages learns the same as one that reads close codes. */
export function hangUp(to: ConnectionId, reason: SignalCloseReason, message: string): Delivery[] {
  return [...refuse(to, { code: reason, message }), { type: "close", to, reason }];
}
