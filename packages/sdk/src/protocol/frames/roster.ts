import { fromHex } from "../../base/bytes.ts";
import { PEER_ID_BYTES, type PeerId } from "../../base/ids.ts";
import { MAX_ROSTER_ENTRIES } from "../limits.ts";
import { readPeer } from "./peers.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8                                 24
 *   +--------+--------   …   --------+--------+----
 *   | peer id                        | age    | …      one to 16 entries
 *   +--------+--------   …   --------+--------+----
 *
 * Members of the content's duty committee, as the sender has heard of them, and how long ago each gave a sign of life,
 * in units of 250 ms, rounded up and one more for each hop. An age of 255 about the sender itself: it is no member any
 * more.
 */
export interface RosterFrame extends FrameHeader {
  readonly type: "roster";
  readonly entries: readonly RosterEntry[];
}

export interface RosterEntry {
  readonly peer: PeerId;
  readonly age: number;
}

export const roster: FrameCodec<RosterFrame> = {
  type: "roster",
  code: 0x12,
  write: (body, { entries }) => {
    for (const { peer, age } of entries) body.raw(fromHex(peer)).uint(1, age);
  },
  read: (body) => {
    const entries = body.list(PEER_ID_BYTES + 1, MAX_ROSTER_ENTRIES, () => ({
      peer: readPeer(body),
      age: body.uint(1),
    }));
    if (entries.length === 0) throw malformed("empty roster");
    return { entries };
  },
};
