import { RivuletError } from "../../base/errors.ts";
import { MAX_INTEREST_RUNS } from "../limits.ts";
import type { PieceRun } from "../piece-run.ts";
import { type FrameHeader, type FrameReader, FrameWriter } from "./wire.ts";

/*
 *   8                                 12                                  16
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *   | first piece (u32)                 | count (u32)                       | …   none to 256 runs
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *
 * What the sender is going to get, from whoever is first; it replaces what it said before. No runs: not interested.
 * Neighbours use it to decide whom to unchoke, and who of them fetches which piece from the origin.
 */
export const INTERESTED = 0x05;

export interface InterestedFrame extends FrameHeader {
  readonly type: "interested";
  readonly runs: readonly PieceRun[];
}

export function encodeInterested(frame: InterestedFrame): Uint8Array {
  const writer = new FrameWriter(INTERESTED, frame, 8 * frame.runs.length);
  for (const run of frame.runs) writer.u32(run.first).u32(run.count);
  return writer.bytes;
}

export function decodeInterested(reader: FrameReader): InterestedFrame {
  const count = reader.left / 8;
  if (!Number.isInteger(count) || count > MAX_INTEREST_RUNS) {
    throw new RivuletError(
      "frame-malformed",
      `An interested frame lists up to ${MAX_INTEREST_RUNS} runs of pieces.`,
    );
  }
  const runs = Array.from({ length: count }, () => ({ first: reader.u32(), count: reader.u32() }));
  return { type: "interested", ...reader.header, runs };
}
