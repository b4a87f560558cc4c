import { MAX_SUGGESTED_PIECES } from "../limits.ts";
import type { FrameCodec, FrameHeader } from "./wire.ts";

/*
 *   8        …
 *   +--------+--------+--------+--------+----
 *   | piece (u32)                       | …      none to 256 of them
 *   +--------+--------+--------+--------+----
 *
 * Of all that the sender has, it would rather give these to the receiver, and others to others (BEP 6: Suggest Piece).
 * None: it has no preference any more.
 */
export interface SuggestFrame extends FrameHeader {
  readonly type: "suggest";
  readonly pieces: readonly number[];
}

export const suggest: FrameCodec<SuggestFrame> = {
  type: "suggest",
  code: 0x13,
  write: (body, { pieces }) => {
    for (const piece of pieces) body.uint(4, piece);
  },
  read: (body) => ({ pieces: body.list(4, MAX_SUGGESTED_PIECES, () => body.uint(4)) }),
};
