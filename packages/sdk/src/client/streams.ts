import type { WantId } from "../engine/io.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { WantStream } from "./want-stream.ts";

/** What the page waits for now, by the ids that the engine knows. */
export class Streams {
  readonly #streams = new Map<WantId, WantStream>();
  readonly #keeper: Pick<PieceKeeper, "pageWaits">;
  readonly #isBusy: () => boolean;
  #next = 1;

  /** The keeper hears when the page begins to wait, and when it waits for nothing any more. */
  constructor(keeper: Pick<PieceKeeper, "pageWaits">, isBusy: () => boolean) {
    this.#keeper = keeper;
    this.#isBusy = isBusy;
  }

  get(want: WantId): WantStream | undefined {
    return this.#streams.get(want);
  }

  add(stream: WantStream): WantId {
    const want = this.#next++;
    this.#streams.set(want, stream);
    this.#keeper.pageWaits(this.#isBusy);
    return want;
  }

  delete(want: WantId): void {
    this.#streams.delete(want);
    if (this.#streams.size === 0) this.#keeper.pageWaits(undefined);
  }

  fail(error: unknown): void {
    for (const stream of [...this.#streams.values()]) stream.fail(error);
  }
}
