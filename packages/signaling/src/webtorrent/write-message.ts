import { asWireText, type WireText, wireText } from "../wire-text.ts";
import type { Swarm } from "./swarm.ts";
import type { BinaryId, Offer, TrackerRefusal } from "./tracker-message.ts";

/** An id as it is written in a message. */
export function idText(id: BinaryId): WireText {
  return wireText(JSON.stringify(id));
}

/** server -> client: the reply to an announce. */
export function announceReply(swarm: Swarm, intervalSeconds: number): WireText {
  const { text, complete, incomplete } = swarm;
  return asWireText(
    `{"action":"announce","info_hash":${text},"complete":${complete},"incomplete":${incomplete},"interval":${intervalSeconds}}`,
  );
}

/** How somebody's offers in one swarm begin, whatever is offered: written once for all of an announce. */
export function offerHead(infoHash: WireText, peerId: WireText): WireText {
  return flat(`{"action":"announce","info_hash":${infoHash},"peer_id":${peerId},"offer":`);
}

/** server -> client: somebody's offer. */
export function offerText(head: WireText, { offer, idText }: Pick<Offer, "offer" | "idText">): WireText {
  return asWireText(`${head}${offer},"offer_id":${idText}}`);
}

/** V8 joins strings only when somebody looks into them; what becomes a part of many is better joined before. */
function flat(text: string): WireText {
  text.charCodeAt(0);
  return asWireText(text);
}

/** server -> client: the answer to an offer. */
export function answerText(parts: {
  readonly infoHash: WireText;
  readonly peerId: WireText;
  readonly answer: WireText;
  readonly offerId: WireText;
}): WireText {
  const { infoHash, peerId, answer, offerId } = parts;
  return asWireText(
    `{"action":"announce","info_hash":${infoHash},"peer_id":${peerId},"answer":${answer},"offer_id":${offerId}}`,
  );
}

/** server -> client: the reply to a scrape; of a swarm that is not here, nothing but zeros is known. */
export function scrapeReply(
  files: readonly { readonly infoHash: BinaryId; readonly swarm: Swarm | undefined }[],
  intervalSeconds: number,
): WireText {
  const members = files.map(({ infoHash, swarm }) => {
    const { complete = 0, incomplete = 0, downloaded = 0 } = swarm ?? {};
    return `${idText(infoHash)}:{"complete":${complete},"incomplete":${incomplete},"downloaded":${downloaded}}`;
  });
  return asWireText(
    `{"action":"scrape","files":{${members.join(",")}},"flags":{"min_request_interval":${intervalSeconds}}}`,
  );
}

/**
 * server -> client. bittorrent-tracker's client takes an announce's answer for its own by `info_hash`, and throws where
 * there is none. An action that it does not know makes it hang up, with a warning that names the action.
 */
export function failure({ action = "announce", infoHash, code, message }: TrackerRefusal): WireText {
  const reason = wireText(JSON.stringify(`${message} (${code})`));
  if (infoHash === undefined) {
    const known = action === "scrape" ? action : code;
    return asWireText(`{"action":"${known}","failure reason":${reason}}`);
  }
  return asWireText(`{"action":"${action}","info_hash":${idText(infoHash)},"failure reason":${reason}}`);
}
