import { RivuletError } from "../../base/errors.ts";
import { MAX_CHUNK_BYTES } from "../limits.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8                 12                16                20
 *   +--------+--------+--------+--------+--------+--------+
 *   | piece (u32)     | offset (u32)    | length (u32)    |
 *   +--------+--------+--------+--------+--------+--------+
 *
 * Asks for bytes [offset, offset + length) of a piece, at most 64 KiB. The answer is a chunk or a reject frame with
 * the same request number.
 */
export const REQUEST = 0x08;

export interface RequestFrame extends FrameHeader {
  readonly type: "request";
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

export function encodeRequest(frame: RequestFrame): Uint8Array {
  return new FrameWriter(REQUEST, frame, 12).u32(frame.piece).u32(frame.offset).u32(frame.length).bytes;
}

export function decodeRequest(reader: FrameReader): RequestFrame {
  const frame: RequestFrame = {
    type: "request",
    ...reader.header,
    piece: reader.u32(),
    offset: reader.u32(),
    length: reader.u32(),
  };
  if (frame.length < 1 || frame.length > MAX_CHUNK_BYTES) {
    throw new RivuletError("frame-malformed", `A request is for 1 to ${MAX_CHUNK_BYTES} bytes.`);
  }
  return frame;
}
