import { RivuletError } from "../../base/errors.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8        9
 *   +--------+
 *   | reason |    1 leaving   2 full   3 version   4 violation   5 banned   6 silent
 *   +--------+
 *
 * The sender is about to close the connection, and why.
 */
export const BYE = 0x0e;

const REASONS = ["leaving", "full", "version", "violation", "banned", "silent"] as const;
export type ByeReason = (typeof REASONS)[number];

export interface ByeFrame extends FrameHeader {
  readonly type: "bye";
  readonly reason: ByeReason;
}

export function encodeBye(frame: ByeFrame): Uint8Array {
  return new FrameWriter(BYE, frame, 1).u8(REASONS.indexOf(frame.reason) + 1).bytes;
}

export function decodeBye(reader: FrameReader): ByeFrame {
  const reason = REASONS[reader.u8() - 1];
  if (!reason) throw new RivuletError("frame-malformed", "A bye frame has an unknown reason.");
  return { type: "bye", ...reader.header, reason };
}
