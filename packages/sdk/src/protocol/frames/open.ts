import { fromHex, toHex } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { CONTENT_ID_BYTES, type ContentId, parseContentId } from "../../base/ids.ts";
import { MAX_PIECES } from "../limits.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8                                40                44
 *   +--------+--------   …   --------+--------+--------+--------   …
 *   | content id                     | piece count     | bitfield
 *   +--------+--------   …   --------+--------+--------+--------   …
 *
 * Binds the header's handle (1 or more) to a content for the rest of the connection, and says which pieces the sender
 * has. The bitfield is ⌈piece count ÷ 8⌉ bytes, the first piece in the highest bit of the first byte.
 */
export const OPEN = 0x02;

export interface OpenFrame extends FrameHeader {
  readonly type: "open";
  readonly content: ContentId;
  /** How many pieces the content has. */
  readonly pieces: number;
  /** One bit a piece; spare bits are for the reader of the bits to check. */
  readonly bits: Uint8Array;
}

export function encodeOpen(frame: OpenFrame): Uint8Array {
  return new FrameWriter(OPEN, frame, CONTENT_ID_BYTES + 4 + frame.bits.byteLength)
    .raw(fromHex(frame.content))
    .u32(frame.pieces)
    .raw(frame.bits).bytes;
}

export function decodeOpen(reader: FrameReader): OpenFrame {
  const content = parseContentId(toHex(reader.raw(CONTENT_ID_BYTES)));
  const pieces = reader.u32();
  // Checked before the bitfield is allocated: a count is four bytes, a bitfield could be half a gigabyte.
  if (pieces > MAX_PIECES)
    throw new RivuletError("frame-malformed", `A content has at most ${MAX_PIECES} pieces.`);
  if (reader.header.handle === 0)
    throw new RivuletError("frame-malformed", "An open frame needs a handle of 1 or more.");
  return { type: "open", ...reader.header, content, pieces, bits: reader.raw(Math.ceil(pieces / 8)) };
}
