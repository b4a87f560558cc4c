import { type ContentId, parseContentId } from "../../base/ids.ts";
import { type Fields, malformed } from "./fields.ts";
import { MAX_FREE_CONNECTIONS, MAX_PEERS_PER_REPLY } from "./limits.ts";

/*
 * peer -> server; answered by peers
 *
 *   { "type": "announce", "content": <64 hex digits>, "want": 0..50, "complete": true | false,
 *     "have"?: <16 hex digits>, "free"?: 0..255 }
 *
 * Joins the content's swarm, or says again that one is in it. Sent again after the interval that the answer names, when
 * more peers are wanted, and when the content has become complete or the peer full.
 */
export interface AnnounceMessage {
  readonly type: "announce";
  readonly content: ContentId;
  /** How many peers it would like to be told of. */
  readonly want: number;
  /** True when it has every piece: a complete peer is not told of complete peers. */
  readonly complete: boolean;
  /** Of which 64ths of the content it has a piece, the first in the highest bit. */
  readonly have?: string;
  /** How many further connections it takes; 0: it is full, and not told of. */
  readonly free?: number;
}

const DIGEST = /^[0-9a-f]{16}$/;

export function decodeAnnounceMessage(fields: Fields): AnnounceMessage {
  return {
    type: "announce",
    content: parseContentId(fields.raw("content")),
    want: fields.whole("want", 0, MAX_PEERS_PER_REPLY),
    complete: fields.flag("complete"),
    ...fields.maybe("have", parseDigest),
    ...fields.maybe("free", () => fields.whole("free", 0, MAX_FREE_CONNECTIONS)),
  };
}

function parseDigest(value: unknown): string {
  if (typeof value === "string" && DIGEST.test(value)) return value;
  throw malformed(`"have" is 16 lower-case hex digits.`);
}
