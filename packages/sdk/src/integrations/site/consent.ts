import { turn } from "../../client/tabs/turn.ts";

/** Whether the visitor agreed. Nothing is remembered: the site that asks also knows the answer. */
export class Consent {
  #isGiven = false;
  readonly #turn = turn();

  /** Settles when the visitor has agreed. */
  get given(): Promise<void> {
    return this.#turn.promise;
  }

  get isGiven(): boolean {
    return this.#isGiven;
  }

  give(): void {
    this.#isGiven = true;
    this.#turn.tell();
  }
}
