import { type ContentId, parseContentId } from "../../base/ids.ts";
import type { Fields } from "./fields.ts";
import { MAX_PEERS_PER_REPLY } from "./limits.ts";

/*
 * peer -> server; answered by peers
 *
 *   { "type": "announce", "content": <64 hex digits>, "want": 0..50, "complete": true | false }
 *
 * Joins the content's swarm, or says again that one is in it. Sent again after the interval that the answer names, when
 * more peers are wanted, and when the content has become complete.
 */
export interface AnnounceMessage {
  readonly type: "announce";
  readonly content: ContentId;
  /** How many peers it would like to be told of. */
  readonly want: number;
  /** True when it has every piece: a complete peer is not told of complete peers. */
  readonly complete: boolean;
}

export function decodeAnnounceMessage(fields: Fields): AnnounceMessage {
  return {
    type: "announce",
    content: parseContentId(fields.raw("content")),
    want: fields.whole("want", 0, MAX_PEERS_PER_REPLY),
    complete: fields.flag("complete"),
  };
}
