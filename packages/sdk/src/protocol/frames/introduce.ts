import { fromHex, toHex } from "../../base/bytes.ts";
import { DIAL_ID_BYTES, type DialId, type PeerId, parseDialId } from "../../base/ids.ts";
import { MAX_INTRODUCTION_BYTES } from "../limits.ts";
import { readPeer } from "./peers.ts";
import { type FrameCodec, type FrameHeader, malformed, readReason, writeReason } from "./wire.ts";

/*
 *   8        9                  25                33
 *   +--------+--------   …   ---+-----   …   -----+--------   …   --------+
 *   | way    | peer id          | dial id         | signal, 2 to 16,384 B |
 *   +--------+--------   …   ---+-----   …   -----+--------   …   --------+
 *
 *   way   1 to: relay this to the peer     2 from: this is the peer's, relayed
 *
 * One step of an offer, answer and candidate exchange between two neighbours of the one who relays it, as JSON in UTF-8.
 * The relay puts its sender's id in, hands it on once, and only between two peers that opened the content with it.
 */
const WAYS = ["to", "from"] as const;

export interface IntroduceFrame extends FrameHeader {
  readonly type: "introduce";
  readonly way: (typeof WAYS)[number];
  readonly peer: PeerId;
  /** Chosen by the peer that dials; the same in every step of one attempt. */
  readonly dial: DialId;
  readonly signal: Uint8Array;
}

export const introduce: FrameCodec<IntroduceFrame> = {
  type: "introduce",
  code: 0x11,
  write: (body, { way, peer, dial, signal }) => {
    writeReason(body, WAYS, way);
    body.raw(fromHex(peer)).raw(fromHex(dial)).raw(signal);
  },
  read: (body) => {
    const way = readReason(body, WAYS);
    const peer = readPeer(body);
    const dial = parseDialId(toHex(body.raw(DIAL_ID_BYTES)));
    if (body.left < 2 || body.left > MAX_INTRODUCTION_BYTES) throw malformed("bad signal length");
    return { way, peer, dial, signal: body.raw(body.left) };
  },
};
