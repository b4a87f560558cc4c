import {
  type ContentId,
  type DialId,
  type PeerId,
  parseContentId,
  parseDialId,
  parsePeerId,
} from "../../base/ids.ts";
import type { Fields } from "./fields.ts";
import { readRelayedSignal, readSignal, type SignalData } from "./signal-data.ts";

/*
 * peer -> server
 *
 *   { "type": "introduce", "to": <32 hex digits>, "content": <64 hex digits>, "dial": <16 hex digits>, "signal": { … } }
 *
 * server -> the peer that `to` named
 *
 *   { "type": "introduce", "from": <32 hex digits>, "content": …, "dial": …, "signal": { … } }
 *
 * One step of an offer, answer and candidate exchange. `from` is filled in by the server from what it knows, never from
 * what the sender says. `dial` is chosen by the peer that dials and comes back in every step of the same attempt, so
 * that a late answer to a given-up attempt is told from the answer to a new one. Relayed only between two members of
 * the same swarm.
 */
export interface IntroduceMessage {
  readonly type: "introduce";
  readonly to: PeerId;
  readonly content: ContentId;
  readonly dial: DialId;
  readonly signal: SignalData;
}

/** An introduction as its receiver gets it. */
export interface IntroducedMessage {
  readonly type: "introduce";
  readonly from: PeerId;
  readonly content: ContentId;
  readonly dial: DialId;
  readonly signal: SignalData;
}

export function decodeIntroduceMessage(fields: Fields): IntroduceMessage {
  return { ...decodeIntroduction(fields, readSignal), to: parsePeerId(fields.raw("to")) };
}

export function decodeIntroducedMessage(fields: Fields): IntroducedMessage {
  return { ...decodeIntroduction(fields, readRelayedSignal), from: parsePeerId(fields.raw("from")) };
}

function decodeIntroduction(
  fields: Fields,
  read: (signal: unknown) => SignalData,
): Omit<IntroduceMessage, "to"> {
  return {
    type: "introduce",
    content: parseContentId(fields.raw("content")),
    dial: parseDialId(fields.raw("dial")),
    signal: read(fields.raw("signal")),
  };
}
