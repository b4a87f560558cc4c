import { MAX_INTEREST_RUNS } from "../limits.ts";
import type { PieceRun } from "../piece-run.ts";
import type { FrameCodec, FrameHeader } from "./wire.ts";

/*
 *   8                 10                                  14                                  18
 *   +--------+--------+--------+--------+--------+--------+--------+--------+--------+--------+----
 *   | now (u16)       | first piece (u32)                 | count (u32)                       | …   none to 256 runs
 *   +--------+--------+--------+--------+--------+--------+--------+--------+--------+--------+----
 *
 * What the sender is going to get, from whoever is first; it replaces what it said before. No runs: not interested. The
 * first `now` runs are what it fetches now; it will fetch the others later, and they may hold what the first ones do.
 * Neighbours use it to decide whom to unchoke, what to suggest, and who of them fetches which piece from the origin.
 */
export interface InterestedFrame extends FrameHeader {
  readonly type: "interested";
  readonly now: number;
  readonly runs: readonly PieceRun[];
}

export const interested: FrameCodec<InterestedFrame> = {
  type: "interested",
  code: 0x05,
  write: (body, { now, runs }) => {
    body.uint(2, now);
    for (const { first, count } of runs) body.uint(4, first).uint(4, count);
  },
  read: (body) => ({
    now: body.uint(2),
    runs: body.list(8, MAX_INTEREST_RUNS, () => ({ first: body.uint(4), count: body.uint(4) })),
  }),
};
