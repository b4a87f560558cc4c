import { fromHex, toHex } from "../../base/bytes.ts";
import { CONTENT_ID_BYTES, type ContentId, parseContentId } from "../../base/ids.ts";
import { MAX_PIECES } from "../limits.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8                                40                44
 *   +--------+--------   …   --------+--------+--------+--------   …
 *   | content id                     | piece count     | bitfield
 *   +--------+--------   …   --------+--------+--------+--------   …
 *
 * Binds the header's handle (1 or more) to a content for the rest of the connection, and says which pieces the sender
 * has. The bitfield is ⌈piece count ÷ 8⌉ bytes, the first piece in the highest bit of the first byte.
 */
export interface OpenFrame extends FrameHeader {
  readonly type: "open";
  readonly content: ContentId;
  /** How many pieces the content has. */
  readonly pieces: number;
  /** One bit a piece; spare bits are for the reader of the bits to check. */
  readonly bits: Uint8Array;
}

export const open: FrameCodec<OpenFrame> = {
  type: "open",
  code: 0x02,
  write: (body, { content, pieces, bits }) => void body.raw(fromHex(content)).uint(4, pieces).raw(bits),
  read: (body) => {
    const content = parseContentId(toHex(body.raw(CONTENT_ID_BYTES)));
    const pieces = body.uint(4);
    // Checked before the bitfield is allocated: a count is four bytes, a bitfield could be half a gigabyte.
    if (pieces > MAX_PIECES) throw malformed("too many pieces");
    if (body.header.handle === 0) throw malformed("open without a handle");
    return { content, pieces, bits: body.raw(Math.ceil(pieces / 8)) };
  },
};
