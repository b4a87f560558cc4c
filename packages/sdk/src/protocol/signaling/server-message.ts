import { RivuletError } from "../../base/errors.ts";
import { decodeErrorMessage, type ErrorMessage } from "./error.ts";
import { Fields } from "./fields.ts";
import { decodeIceMessage, type IceMessage } from "./ice.ts";
import { decodeIntroducedMessage, type IntroducedMessage } from "./introduce.ts";
import { MAX_SIGNAL_MESSAGE_BYTES } from "./limits.ts";
import { decodePeersMessage, type PeersMessage } from "./peers.ts";
import { decodePongMessage, type PongMessage } from "./ping.ts";
import { decodeWelcomeMessage, type WelcomeMessage } from "./welcome.ts";

/** Everything that a signaling server can say to a peer. */
export type ServerMessage =
  | WelcomeMessage
  | PeersMessage
  | IntroducedMessage
  | IceMessage
  | PongMessage
  | ErrorMessage;

export function encodeServerMessage(message: ServerMessage): string {
  return JSON.stringify(message);
}

/**
 * Reads one text message of at most `maxBytes` bytes of UTF-8.
 * @throws RivuletError `message-too-large`, `message-unknown-type` or `message-malformed`.
 */
export function decodeServerMessage(text: string, maxBytes = MAX_SIGNAL_MESSAGE_BYTES): ServerMessage {
  const fields = Fields.parse(text, maxBytes);
  const type = fields.type();
  switch (type) {
    case "welcome":
      return decodeWelcomeMessage(fields);
    case "peers":
      return decodePeersMessage(fields);
    case "introduce":
      return decodeIntroducedMessage(fields);
    case "ice":
      return decodeIceMessage(fields);
    case "pong":
      return decodePongMessage();
    case "error":
      return decodeErrorMessage(fields);
    default:
      throw new RivuletError(
        "message-unknown-type",
        `A signaling server sends no message of type "${type}".`,
      );
  }
}
