import { fromHex, toHex } from "../../base/bytes.ts";
import { PEER_ID_BYTES, type PeerId, parsePeerId } from "../../base/ids.ts";
import type { FrameCodec, FrameHeader } from "./wire.ts";

/*
 *   8                 10                                 26
 *   +--------+--------+--------+--------   …   --------+
 *   | version         | peer id                        |
 *   +--------+--------+--------+--------   …   --------+
 *
 * The first frame each side sends. The other end hangs up on a version it does not speak.
 */
export interface HelloFrame extends FrameHeader {
  readonly type: "hello";
  readonly version: number;
  readonly peer: PeerId;
}

export const hello: FrameCodec<HelloFrame> = {
  type: "hello",
  code: 0x01,
  write: (body, { version, peer }) => void body.uint(2, version).raw(fromHex(peer)),
  read: (body) => ({ version: body.uint(2), peer: parsePeerId(toHex(body.raw(PEER_ID_BYTES))) }),
};
