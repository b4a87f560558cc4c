import { RivuletError } from "../../base/errors.ts";
import { type AnnounceMessage, decodeAnnounceMessage } from "./announce.ts";
import { Fields } from "./fields.ts";
import { decodeHelloMessage, type HelloMessage } from "./hello.ts";
import { decodeIntroduceMessage, type IntroduceMessage } from "./introduce.ts";
import { decodeLeaveMessage, type LeaveMessage } from "./leave.ts";
import { MAX_SIGNAL_MESSAGE_BYTES } from "./limits.ts";
import { decodePingMessage, type PingMessage } from "./ping.ts";
import { checkSignalSize } from "./signal-data.ts";

/** Everything that a peer can say to a signaling server. */
export type ClientMessage = HelloMessage | AnnounceMessage | LeaveMessage | IntroduceMessage | PingMessage;

/** @throws RivuletError `message-too-large` for an introduction whose signal no server would take. */
export function encodeClientMessage(message: ClientMessage): string {
  if (message.type === "introduce") checkSignalSize(message.signal);
  return JSON.stringify(message);
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
