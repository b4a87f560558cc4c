import { type FrameCodec, type FrameHeader, readReason, writeReason } from "./wire.ts";

/*
 *   8        9
 *   +--------+
 *   | reason |    1 choked   2 not had (any more)   3 too many requests queued
 *   +--------+
 *
 * The request whose number it repeats will not be answered with a chunk.
 */
const REASONS = ["choked", "not-had", "busy"] as const;
export type RejectReason = (typeof REASONS)[number];

export interface RejectFrame extends FrameHeader {
  readonly type: "reject";
  readonly reason: RejectReason;
}

export const reject: FrameCodec<RejectFrame> = {
  type: "reject",
  code: 0x0b,
  write: (body, frame) => writeReason(body, REASONS, frame.reason),
  read: (body) => ({ reason: readReason(body, REASONS) }),
};
