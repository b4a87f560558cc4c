import { RivuletError } from "../../base/errors.ts";
import { type AnnounceMessage, decodeAnnounceMessage, encodeAnnounceMessage } from "./announce.ts";
import { Fields } from "./fields.ts";
import { decodeHelloMessage, encodeHelloMessage, type HelloMessage } from "./hello.ts";
import { decodeIntroduceMessage, encodeIntroduceMessage, type IntroduceMessage } from "./introduce.ts";
import { decodeLeaveMessage, encodeLeaveMessage, type LeaveMessage } from "./leave.ts";
import { MAX_SIGNAL_MESSAGE_BYTES } from "./limits.ts";
import { decodePingMessage, encodePingMessage, type PingMessage } from "./ping.ts";

/** Everything that a peer can say to a signaling server. */
export type ClientMessage = HelloMessage | AnnounceMessage | LeaveMessage | IntroduceMessage | PingMessage;

/** @throws RivuletError `message-too-large` for an introduction whose signal no server would take. */
export function encodeClientMessage(message: ClientMessage): string {
  switch (message.type) {
    case "hello":
      return encodeHelloMessage(message);
    case "announce":
      return encodeAnnounceMessage(message);
    case "leave":
      return encodeLeaveMessage(message);
    case "introduce":
      return encodeIntroduceMessage(message);
    case "ping":
      return encodePingMessage(message);
    default:
      return message satisfies never;
  }
}

/**
 * Reads one text message of at most `maxBytes` bytes of UTF-8.
 * @throws RivuletError `message-too-large`, `message-unknown-type` or `message-malformed`.
 */
export function decodeClientMessage(text: string, maxBytes = MAX_SIGNAL_MESSAGE_BYTES): ClientMessage {
  const fields = Fields.parse(text, maxBytes);
  const type = fields.type();
  switch (type) {
    case "hello":
      return decodeHelloMessage(fields);
    case "announce":
      return decodeAnnounceMessage(fields);
    case "leave":
      return decodeLeaveMessage(fields);
    case "introduce":
      return decodeIntroduceMessage(fields);
    case "ping":
      return decodePingMessage();
    default:
      throw new RivuletError("message-unknown-type", `A peer sends no message of type "${type}".`);
  }
}
