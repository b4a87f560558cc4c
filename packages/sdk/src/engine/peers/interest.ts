import type { InterestedFrame } from "../../protocol/frames/interested.ts";
import { inRising, mergedRuns, type PieceRun } from "../../protocol/piece-run.ts";

/** What a peer said it wants. It is asked for each piece that is due, in each plan, so its runs are put in order once. */
export class Interest {
  readonly #now: readonly PieceRun[];
  readonly #all: readonly PieceRun[];

  /** `now` of the runs are those that the peer has a use for already. */
  constructor({ now, runs }: Pick<InterestedFrame, "now" | "runs">) {
    this.#now = mergedRuns(runs.slice(0, now));
    this.#all = mergedRuns(runs);
  }

  get any(): boolean {
    return this.#all.length > 0;
  }

  covers(piece: number, now = false): boolean {
    return inRising(now ? this.#now : this.#all, piece);
  }
}
