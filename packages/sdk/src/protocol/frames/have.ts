import { MAX_HAVE_PIECES } from "../limits.ts";
import { type FrameCodec, type FrameHeader, malformed } from "./wire.ts";

/*
 *   8        …
 *   +--------+--------+--------+--------+----
 *   | piece (u32)                       | …      one to 1,024 of them
 *   +--------+--------+--------+--------+----
 *
 * The sender verified these pieces since it opened the content.
 */
export interface HaveFrame extends FrameHeader {
  readonly type: "have";
  readonly pieces: readonly number[];
}

export const have: FrameCodec<HaveFrame> = {
  type: "have",
  code: 0x04,
  write: (body, { pieces }) => {
    for (const piece of pieces) body.uint(4, piece);
  },
  read: (body) => {
    const pieces = body.list(4, MAX_HAVE_PIECES, () => body.uint(4));
    if (pieces.length === 0) throw malformed("empty have");
    return { pieces };
  },
};
