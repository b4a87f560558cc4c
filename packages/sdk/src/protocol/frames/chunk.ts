import { RivuletError } from "../../base/errors.ts";
import { MAX_CHUNK_BYTES } from "../limits.ts";
import type { Payload } from "../payload.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8                 12                16
 *   +--------+--------+--------+--------+--------   …   --------+
 *   | piece (u32)     | offset (u32)    | data, 1 to 65,536 B   |
 *   +--------+--------+--------+--------+--------   …   --------+
 *
 * Answers the request whose number it repeats.
 */
export const CHUNK = 0x0a;

export interface ChunkFrame<Data extends Payload = Payload> extends FrameHeader {
  readonly type: "chunk";
  readonly piece: number;
  readonly offset: number;
  readonly data: Data;
}

export function encodeChunk(frame: ChunkFrame): Uint8Array {
  if (!(frame.data instanceof Uint8Array)) throw new TypeError("Only bytes can be put on the wire.");
  return new FrameWriter(CHUNK, frame, 8 + frame.data.byteLength)
    .u32(frame.piece)
    .u32(frame.offset)
    .raw(frame.data).bytes;
}

export function decodeChunk(reader: FrameReader): ChunkFrame<Uint8Array> {
  const piece = reader.u32();
  const offset = reader.u32();
  if (reader.left < 1 || reader.left > MAX_CHUNK_BYTES) {
    throw new RivuletError("frame-malformed", `A chunk carries 1 to ${MAX_CHUNK_BYTES} bytes.`);
  }
  return { type: "chunk", ...reader.header, piece, offset, data: reader.raw(reader.left) };
}
