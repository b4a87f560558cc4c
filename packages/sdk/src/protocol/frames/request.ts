import { MAX_CHUNK_BYTES } from "../limits.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8                 12                16                20
 *   +--------+--------+--------+--------+--------+--------+
 *   | piece (u32)     | offset (u32)    | length (u32)    |
 *   +--------+--------+--------+--------+--------+--------+
 *
 * Asks for bytes [offset, offset + length) of a piece, at most 64 KiB. The answer is a chunk or a reject frame with
 * the same request number.
 */
export interface RequestFrame extends FrameHeader {
  readonly type: "request";
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

export const request: FrameCodec<RequestFrame> = {
  type: "request",
  code: 0x08,
  write: (body, { piece, offset, length }) => void body.uint(4, piece).uint(4, offset).uint(4, length),
  read: (body) => {
    const [piece, offset, length] = [body.uint(4), body.uint(4), body.uint(4)];
    if (length < 1 || length > MAX_CHUNK_BYTES) throw malformed("bad request length");
    return { piece, offset, length };
  },
};
