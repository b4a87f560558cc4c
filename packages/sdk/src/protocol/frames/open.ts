import { fromHex, toHex } from "../../base/bytes.ts";
import { CONTENT_ID_BYTES, type ContentId, parseContentId } from "../../base/ids.ts";
import { MAX_PIECES } from "../limits.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8                                40       41                45                49
 *   +--------+--------   …   --------+--------+--------+--------+--------+--------+--------   …
 *   | content id                     | live   | first piece     | piece count     | bitfield
 *   +--------+--------   …   --------+--------+--------+--------+--------+--------+--------   …
 *
 * Binds the header's handle (1 or more) to a content until it is closed, and says which pieces the sender has. `live` is
 * 1 for a content that grows, and whose bitfield begins at `first piece`, a multiple of eight; else both are 0. The
 * bitfield is ⌈piece count ÷ 8⌉ bytes, the first piece in the highest bit of the first byte.
 */
export interface OpenFrame extends FrameHeader {
  readonly type: "open";
  readonly content: ContentId;
  /** There when the content is live: the piece that the bitfield begins at. */
  readonly first?: number;
  /** How many pieces the content has, or, when it is live, the bitfield speaks of. */
  readonly pieces: number;
  /** One bit a piece; spare bits are for the reader of the bits to check. */
  readonly bits: Uint8Array;
}

export const open: FrameCodec<OpenFrame> = {
  type: "open",
  code: 0x02,
  write: (body, { content, first, pieces, bits }) =>
    void body
      .raw(fromHex(content))
      .uint(1, first === undefined ? 0 : 1)
      .uint(4, first ?? 0)
      .uint(4, pieces)
      .raw(bits),
  read: (body) => {
    const content = parseContentId(toHex(body.raw(CONTENT_ID_BYTES)));
    const live = body.uint(1);
    const first = body.uint(4);
    const pieces = body.uint(4);
    if (live > 1 || first % 8 !== 0 || (live === 0 && first !== 0)) throw malformed("bad first piece");
    // Checked before the bitfield is allocated: a count is four bytes, a bitfield could be half a gigabyte.
    if (pieces > MAX_PIECES) throw malformed("too many pieces");
    if (body.header.handle === 0) throw malformed("open without a handle");
    const bits = body.raw(Math.ceil(pieces / 8));
    return { content, ...(live === 1 ? { first } : {}), pieces, bits };
  },
};
