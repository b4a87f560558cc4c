import {
  type ClientMessage,
  decodeClientMessage,
  type ErrorCode,
  RivuletError,
  type SignalErrorCode,
} from "@rivulet/sdk/protocol";
import type { Incoming } from "../conversation.ts";
import type { Refusal } from "../delivery.ts";

export type ReadMessage = { readonly message: ClientMessage } | { readonly refusal: Refusal };

/** The protocol's errors as the answers that a client gets; any other error is the server's own fault. */
const ANSWERS: ReadonlyMap<ErrorCode, SignalErrorCode> = new Map([
  ["message-malformed", "malformed"],
  ["message-too-large", "too-large"],
  ["message-unknown-type", "unknown-type"],
]);

/** Reads what a stranger sent; only an error of the server itself is thrown. */
export function readMessage(incoming: Incoming, maxBytes: number): ReadMessage {
  if (incoming.isBinary) {
    return { refusal: { code: "malformed", message: "A message is a text frame, not a binary one." } };
  }
  try {
    return { message: decodeClientMessage(incoming.data.toString(), maxBytes) };
  } catch (error) {
    const code = error instanceof RivuletError ? ANSWERS.get(error.code) : undefined;
    if (!(error instanceof RivuletError) || code === undefined) throw error;
    return { refusal: { code, message: error.message } };
  }
}
