import {
  type ErrorSubject,
  encodeServerMessage,
  type ServerMessage,
  type SignalCloseReason,
  type SignalErrorCode,
} from "@rivulet/sdk/protocol";
import { type WireText, wireText } from "./wire-text.ts";

declare const brand: unique symbol;
/** Names one connection for the life of the process; never used again, unlike a peer id, which moves to a new one. */
export type ConnectionId = number & { readonly [brand]: "ConnectionId" };

/** What a decision wants done; the server does it, in order. */
export type Delivery =
  | { readonly type: "send"; readonly to: ConnectionId; readonly text: WireText }
  | { readonly type: "close"; readonly to: ConnectionId; readonly reason: SignalCloseReason };

export interface Refusal {
  readonly code: SignalErrorCode;
  readonly message: string;
  readonly about?: ErrorSubject;
}

/** A message of Rivulet's own protocol, as it goes on the wire. */
export function textOf(message: ServerMessage): WireText {
  return wireText(encodeServerMessage(message));
}

export function send(to: ConnectionId, message: ServerMessage): Delivery[] {
  return [{ type: "send", to, text: textOf(message) }];
}

export function refuse(to: ConnectionId, refusal: Refusal): Delivery[] {
  return send(to, { type: "error", ...refusal });
}
