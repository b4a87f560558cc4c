import {
  type ContentId,
  type DialId,
  type PeerId,
  parseContentId,
  parseDialId,
  parsePeerId,
} from "../../base/ids.ts";
import { Fields } from "./fields.ts";
import { MAX_ERROR_TEXT_LENGTH } from "./limits.ts";

/*
 * server -> peer
 *
 *   { "type": "error", "code": "unknown-peer", "message": "…",
 *     "about": { "content"?: <64 hex digits>, "to"?: <32 hex digits>, "dial"?: <16 hex digits> } }
 *
 * `about` names the announce or introduce that was refused; it is absent where the server could not tell.
 */
export interface ErrorMessage {
  readonly type: "error";
  /** A `SignalErrorCode`, or what a later server came to call by another name: an error must not cause another. */
  readonly code: string;
  /** For people, in English; a program decides on the code. */
  readonly message: string;
  readonly about?: ErrorSubject;
}

export interface ErrorSubject {
  readonly content?: ContentId;
  readonly to?: PeerId;
  readonly dial?: DialId;
}

export function decodeErrorMessage(fields: Fields): ErrorMessage {
  return {
    type: "error",
    code: fields.text("code", MAX_ERROR_TEXT_LENGTH),
    message: fields.text("message", MAX_ERROR_TEXT_LENGTH),
    ...fields.maybe("about", decodeSubject),
  };
}

function decodeSubject(value: unknown): ErrorSubject {
  const fields = new Fields(value);
  return {
    ...fields.maybe("content", parseContentId),
    ...fields.maybe("to", parsePeerId),
    ...fields.maybe("dial", parseDialId),
  };
}
