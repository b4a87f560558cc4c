import { fromHex, toHex } from "../../base/bytes.ts";
import { PEER_ID_BYTES, type PeerId, parsePeerId } from "../../base/ids.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8                 10                                 26
 *   +--------+--------+--------+--------   …   --------+
 *   | version         | peer id                        |
 *   +--------+--------+--------+--------   …   --------+
 *
 * The first frame each side sends. The other end hangs up on a version it does not speak.
 */
export const HELLO = 0x01;

export interface HelloFrame extends FrameHeader {
  readonly type: "hello";
  readonly version: number;
  readonly peer: PeerId;
}

export function encodeHello(frame: HelloFrame): Uint8Array {
  return new FrameWriter(HELLO, frame, 2 + PEER_ID_BYTES).u16(frame.version).raw(fromHex(frame.peer)).bytes;
}

export function decodeHello(reader: FrameReader): HelloFrame {
  return {
    type: "hello",
    ...reader.header,
    version: reader.u16(),
    peer: parsePeerId(toHex(reader.raw(PEER_ID_BYTES))),
  };
}
