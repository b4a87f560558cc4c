import { type ContentId, type PeerId, parseContentId, parsePeerId } from "../../base/ids.ts";
import { Fields } from "./fields.ts";
import { MAX_DURATION_MS, MAX_PEERS_PER_REPLY } from "./limits.ts";

/*
 * server -> peer, the answer to announce
 *
 *   { "type": "peers", "content": <64 hex digits>, "peers": [{ "peer": <32 hex digits>, "complete": … }, …],
 *     "members": 1.., "intervalMs": 120000 }
 */
export interface PeersMessage {
  readonly type: "peers";
  readonly content: ContentId;
  /** At most as many as were wanted, at random; never the one who asks. */
  readonly peers: readonly PeerListing[];
  /** Everybody in the swarm, the one who asks included. */
  readonly members: number;
  /** When to announce again, in milliseconds from now. */
  readonly intervalMs: number;
}

export interface PeerListing {
  readonly peer: PeerId;
  readonly complete: boolean;
}

export function decodePeersMessage(fields: Fields): PeersMessage {
  return {
    type: "peers",
    content: parseContentId(fields.raw("content")),
    peers: fields.list("peers", MAX_PEERS_PER_REPLY, decodeListing),
    members: fields.whole("members", 0, Number.MAX_SAFE_INTEGER),
    intervalMs: fields.whole("intervalMs", 1, MAX_DURATION_MS),
  };
}

function decodeListing(value: unknown): PeerListing {
  const fields = new Fields(value);
  return { peer: parsePeerId(fields.raw("peer")), complete: fields.flag("complete") };
}
