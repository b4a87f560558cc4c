import { MAX_CHUNK_BYTES } from "../limits.ts";
import type { Payload } from "../payload.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8                 12                16
 *   +--------+--------+--------+--------+--------   …   --------+
 *   | piece (u32)     | offset (u32)    | data, 1 to 65,536 B   |
 *   +--------+--------+--------+--------+--------   …   --------+
 *
 * Answers the request whose number it repeats.
 */
export interface ChunkFrame<Data extends Payload = Payload> extends FrameHeader {
  readonly type: "chunk";
  readonly piece: number;
  readonly offset: number;
  readonly data: Data;
}

export const chunk: FrameCodec<ChunkFrame> = {
  type: "chunk",
  code: 0x0a,
  write: (body, { piece, offset, data }) => {
    if (!(data instanceof Uint8Array)) throw new TypeError("Only bytes are sent.");
    body.uint(4, piece).uint(4, offset).raw(data);
  },
  read: (body) => {
    const [piece, offset] = [body.uint(4), body.uint(4)];
    if (body.left < 1 || body.left > MAX_CHUNK_BYTES) throw malformed("bad chunk length");
    return { piece, offset, data: body.raw(body.left) };
  },
};
