/** Tells the person at the terminal what is wrong, each kind of problem once, however often it comes up. */
export class Problems {
  readonly #tell: (sentence: string) => void;
  readonly #told = new Set<string>();

  constructor(tell: (sentence: string) => void) {
    this.#tell = tell;
  }

  report(kind: string, sentence: string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#tell(sentence);
  }

  /** It is over; when it comes up again, it is told again. */
  settle(kind: string): void {
    this.#told.delete(kind);
  }
}
