import { RivuletError } from "../../base/errors.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8        9
 *   +--------+
 *   | reason |    1 choked   2 not had (any more)   3 too many requests queued
 *   +--------+
 *
 * The request whose number it repeats will not be answered with a chunk.
 */
export const REJECT = 0x0b;

const REASONS = ["choked", "not-had", "busy"] as const;
export type RejectReason = (typeof REASONS)[number];

export interface RejectFrame extends FrameHeader {
  readonly type: "reject";
  readonly reason: RejectReason;
}

export function encodeReject(frame: RejectFrame): Uint8Array {
  return new FrameWriter(REJECT, frame, 1).u8(REASONS.indexOf(frame.reason) + 1).bytes;
}

export function decodeReject(reader: FrameReader): RejectFrame {
  const reason = REASONS[reader.u8() - 1];
  if (!reason) throw new RivuletError("frame-malformed", "A reject frame has an unknown reason.");
  return { type: "reject", ...reader.header, reason };
}
