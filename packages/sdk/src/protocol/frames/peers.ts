import { fromHex, toHex } from "../../base/bytes.ts";
import { PEER_ID_BYTES, type PeerId, parsePeerId } from "../../base/ids.ts";
import { MAX_EXCHANGED_PEERS } from "../limits.ts";
import { type FrameCodec, type FrameHeader, type FrameReader, malformed } from "./wire.ts";

/*
 *   8        9        10                 26
 *   +--------+--------+--------   …   --------+--------+----   --------   …   --------+----
 *   | added  | dropped| peer id               | flags  | …   | peer id                 | …
 *   +--------+--------+--------   …   --------+--------+----   --------   …   --------+----
 *
 * Peer exchange as in BEP 11: whom the sender is connected to over this content and heard from lately, as changes since
 * its last such frame; at most 50 added and 50 dropped, once a minute. Flags: 1 when that peer has everything.
 */
export interface PeersFrame extends FrameHeader {
  readonly type: "peers";
  readonly added: readonly ExchangedPeer[];
  readonly dropped: readonly PeerId[];
}

export interface ExchangedPeer {
  readonly peer: PeerId;
  readonly complete: boolean;
}

export const peers: FrameCodec<PeersFrame> = {
  type: "peers",
  code: 0x10,
  write: (body, { added, dropped }) => {
    body.uint(1, added.length).uint(1, dropped.length);
    for (const { peer, complete } of added) body.raw(fromHex(peer)).uint(1, Number(complete));
    for (const peer of dropped) body.raw(fromHex(peer));
  },
  read: (body) => {
    const [added, dropped] = [count(body), count(body)];
    return {
      added: Array.from({ length: added }, () => ({ peer: readPeer(body), complete: readFlag(body) })),
      dropped: Array.from({ length: dropped }, () => readPeer(body)),
    };
  },
};

export function readPeer(body: FrameReader): PeerId {
  return parsePeerId(toHex(body.raw(PEER_ID_BYTES)));
}

function count(body: FrameReader): number {
  const length = body.uint(1);
  if (length > MAX_EXCHANGED_PEERS) throw malformed("too many peers");
  return length;
}

function readFlag(body: FrameReader): boolean {
  const flags = body.uint(1);
  if (flags > 1) throw malformed("unknown flag");
  return flags === 1;
}
