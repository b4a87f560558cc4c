import { type FrameCodec, type FrameHeader, readReason, writeReason } from "./wire.ts";

/*
 *   8        9
 *   +--------+
 *   | reason |    1 leaving   2 full   3 version   4 violation   5 banned   6 silent
 *   +--------+
 *
 * The sender is about to close the connection, and why.
 */
const REASONS = ["leaving", "full", "version", "violation", "banned", "silent"] as const;
export type ByeReason = (typeof REASONS)[number];

export interface ByeFrame extends FrameHeader {
  readonly type: "bye";
  readonly reason: ByeReason;
}

export const bye: FrameCodec<ByeFrame> = {
  type: "bye",
  code: 0x0e,
  write: (body, frame) => writeReason(body, REASONS, frame.reason),
  read: (body) => ({ reason: readReason(body, REASONS) }),
};
