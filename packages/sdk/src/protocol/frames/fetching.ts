import { MAX_FETCHING_RUNS } from "../limits.ts";
import type { PieceRun } from "../piece-run.ts";
import type { FrameCodec, FrameHeader } from "./wire.ts";

/*
 *   8                                 12                                  16
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *   | first piece (u32)                 | count (u32)                       | …   none to 16 runs
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *
 * What the sender is getting from the origin at this moment, and will have shortly; it replaces what it said before.
 * Neighbours who want the same, and can wait, leave it to the sender.
 */
export interface FetchingFrame extends FrameHeader {
  readonly type: "fetching";
  readonly runs: readonly PieceRun[];
}

export const fetching: FrameCodec<FetchingFrame> = {
  type: "fetching",
  code: 0x14,
  write: (body, { runs }) => {
    for (const { first, count } of runs) body.uint(4, first).uint(4, count);
  },
  read: (body) => ({
    runs: body.list(8, MAX_FETCHING_RUNS, () => ({ first: body.uint(4), count: body.uint(4) })),
  }),
};
