import { type ContentId, parseContentId } from "../../base/ids.ts";
import type { Fields } from "./fields.ts";

/*
 * peer -> server; not answered, also when the peer was not a member
 *
 *   { "type": "leave", "content": <64 hex digits> }
 *
 * A connection that closes leaves all its swarms by itself.
 */
export interface LeaveMessage {
  readonly type: "leave";
  readonly content: ContentId;
}

export function decodeLeaveMessage(fields: Fields): LeaveMessage {
  return { type: "leave", content: parseContentId(fields.raw("content")) };
}
