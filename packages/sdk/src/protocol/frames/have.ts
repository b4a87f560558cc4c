import { RivuletError } from "../../base/errors.ts";
import { MAX_HAVE_PIECES } from "../limits.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8        …
 *   +--------+--------+--------+--------+----
 *   | piece (u32)                       | …      one to 1,024 of them
 *   +--------+--------+--------+--------+----
 *
 * The sender verified these pieces since it opened the content.
 */
export const HAVE = 0x04;

export interface HaveFrame extends FrameHeader {
  readonly type: "have";
  readonly pieces: readonly number[];
}

export function encodeHave(frame: HaveFrame): Uint8Array {
  const writer = new FrameWriter(HAVE, frame, 4 * frame.pieces.length);
  for (const piece of frame.pieces) writer.u32(piece);
  return writer.bytes;
}

export function decodeHave(reader: FrameReader): HaveFrame {
  const count = reader.left / 4;
  if (!Number.isInteger(count) || count < 1 || count > MAX_HAVE_PIECES) {
    throw new RivuletError("frame-malformed", `A have frame lists 1 to ${MAX_HAVE_PIECES} pieces.`);
  }
  return { type: "have", ...reader.header, pieces: Array.from({ length: count }, () => reader.u32()) };
}
