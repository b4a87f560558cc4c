import { isUtf8 } from "node:buffer";
import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import type { Incoming } from "../conversation.ts";
import { MessageFields } from "./message-fields.ts";
import type {
  AnnounceMessage,
  AnswerMessage,
  BinaryId,
  ScrapeMessage,
  TrackerMessage,
  TrackerRefusal,
} from "./tracker-message.ts";

export interface ReadLimits {
  readonly maxMessageBytes: number;
  readonly maxOffersPerAnnounce: number;
  readonly maxScrapeHashes: number;
}

type Read<Message> = { readonly message: Message } | { readonly refusal: TrackerRefusal };

const EVENTS: ReadonlyMap<unknown, AnnounceMessage["event"]> = new Map([
  ["started", "started"],
  ["completed", "completed"],
  ["stopped", "stopped"],
  [undefined, "update"],
  [null, "update"],
  ["", "update"],
  ["empty", "update"],
  ["update", "update"],
  ["paused", "update"],
]);

/** Reads what a stranger sent; never throws for it. */
export function readTrackerMessage({ data, isBinary }: Incoming, limits: ReadLimits): Read<TrackerMessage> {
  if (data.length > limits.maxMessageBytes)
    return refused("too-large", `A message is at most ${limits.maxMessageBytes} bytes.`);
  if (isBinary && !isUtf8(data)) return refused("malformed", "The message is not UTF-8.");
  const fields = new MessageFields(data, limits.maxOffersPerAnnounce);
  if (!fields.wellFormed) return refused("malformed", "The message is not a JSON object.");
  const action = fields.value("action");
  if (action === "announce") return readAnnounce(fields);
  if (action === "scrape") return readScrape(fields, limits);
  return refused("unknown-type", `"action" is "announce" or "scrape".`);
}

function readAnnounce(fields: MessageFields): Read<AnnounceMessage | AnswerMessage> {
  const infoHash = fields.id("info_hash");
  const peerId = fields.id("peer_id");
  const about = { action: "announce", infoHash } as const;
  if (infoHash === undefined) return refused("malformed", `"info_hash" is 20 bytes.`, about);
  if (peerId === undefined) return refused("malformed", `"peer_id" is 20 bytes.`, about);
  if (fields.hasAnswer) return readAnswer(fields, infoHash, peerId);
  const event = EVENTS.get(fields.value("event"));
  if (event === undefined) return refused("malformed", `"event" is none of the protocol's.`, about);
  const { offers } = fields;
  if (!offers) return refused("malformed", `"offers" is a list of {offer: {type, sdp}, offer_id}.`, about);
  const numwant = fields.value("numwant");
  return {
    message: {
      type: "announce",
      infoHash,
      peerId,
      event,
      // null is what WebTorrent sends before it knows; it is no seeder then.
      isSeeder: fields.value("left") === 0,
      numwant: typeof numwant === "number" && numwant >= 0 ? numwant : undefined,
      offers,
    },
  };
}

function readAnswer(fields: MessageFields, infoHash: BinaryId, peerId: BinaryId): Read<AnswerMessage> {
  const toPeerId = fields.id("to_peer_id");
  const offerId = fields.id("offer_id");
  const { answer } = fields;
  if (toPeerId === undefined || offerId === undefined || answer === undefined) {
    const message = `An answer has "to_peer_id" and "offer_id" of 20 bytes, and "answer": {type, sdp}.`;
    return refused("malformed", message, { action: "announce", infoHash });
  }
  const offerIdText = fields.text("offer_id");
  return { message: { type: "answer", infoHash, peerId, toPeerId, offerId, offerIdText, answer } };
}

function readScrape(fields: MessageFields, { maxScrapeHashes }: ReadLimits): Read<ScrapeMessage> {
  const one = fields.id("info_hash");
  const infoHashes = one === undefined ? fields.ids("info_hash") : [one];
  const about = { action: "scrape" } as const;
  if (!infoHashes || infoHashes.length === 0) {
    const message = `"info_hash" is 20 bytes, or a list of such; nobody is told of all swarms.`;
    return refused("malformed", message, about);
  }
  if (infoHashes.length > maxScrapeHashes)
    return refused("too-large", `A scrape asks for at most ${maxScrapeHashes} swarms.`, about);
  return { message: { type: "scrape", infoHashes } };
}

function refused(
  code: SignalErrorCode,
  message: string,
  about: Pick<TrackerRefusal, "action" | "infoHash"> = {},
): { readonly refusal: TrackerRefusal } {
  return { refusal: { code, message, ...about } };
}
