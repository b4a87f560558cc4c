import { second } from "../../base/time.ts";

/** The same is told once in so long. */
const SAY_AGAIN_MS = 10 * second;
/** And so many different things at most: the signaling server may have ever new words. */
const MOST_SAID = 64;

/** What a person was told lately, and need not hear again. */
export class SaidLately {
  readonly #until = new Map<string, number>();

  /** True when it may be said now, ms; from then on it was. */
  maySay(text: string, now: number): boolean {
    for (const [said, until] of this.#until) if (now >= until) this.#until.delete(said);
    if (this.#until.has(text) || this.#until.size >= MOST_SAID) return false;
    this.#until.set(text, now + SAY_AGAIN_MS);
    return true;
  }
}
