import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import type { WireText } from "../wire-text.ts";

/** 20 bytes as the protocol writes them: a string of 20 characters, each a byte's value. */
export type BinaryId = string;

/** One prepared offer, as it is handed on: both texts are JSON that its sender wrote. */
export interface Offer {
  readonly offer: WireText;
  readonly idText: WireText;
  /** `idHash` of the id. */
  readonly idHash: number;
}

/*
 * client -> server, "action": "announce"
 *
 *   { "action": "announce", "info_hash": <20>, "peer_id": <20>, "event"?: "started" | "completed" | "stopped",
 *     "left"?: n, "numwant"?: n, "offers"?: [{ "offer": { "type": "offer", "sdp": … }, "offer_id": <20> }, …] }
 *
 * Other fields are ignored.
 */
export interface AnnounceMessage {
  readonly type: "announce";
  readonly infoHash: BinaryId;
  readonly peerId: BinaryId;
  readonly event: "started" | "completed" | "stopped" | "update";
  readonly isSeeder: boolean;
  /** Undefined: as many as there are offers. */
  readonly numwant: number | undefined;
  readonly offers: readonly Offer[];
}

/*
 * client -> server, an announce with an answer in it
 *
 *   { "action": "announce", "info_hash": <20>, "peer_id": <20>, "to_peer_id": <20>, "offer_id": <20>,
 *     "answer": { "type": "answer", "sdp": … } }
 */
export interface AnswerMessage {
  readonly type: "answer";
  readonly infoHash: BinaryId;
  readonly peerId: BinaryId;
  readonly toPeerId: BinaryId;
  readonly offerId: BinaryId;
  readonly offerIdText: WireText;
  readonly answer: WireText;
}

/*
 * client -> server
 *
 *   { "action": "scrape", "info_hash": <20> | [<20>, …] }
 */
export interface ScrapeMessage {
  readonly type: "scrape";
  readonly infoHashes: readonly BinaryId[];
}

export type TrackerMessage = AnnounceMessage | AnswerMessage | ScrapeMessage;

export interface TrackerRefusal {
  readonly code: SignalErrorCode;
  readonly message: string;
  /** What the client asked about, as far as it could be read; see `failure`. */
  readonly action?: "announce" | "scrape";
  readonly infoHash?: BinaryId | undefined;
}

export function isBinaryId(value: unknown): value is BinaryId {
  if (typeof value !== "string" || value.length !== 20) return false;
  for (let n = 0; n < 20; n++) if (value.charCodeAt(n) > 0xff) return false;
  return true;
}
