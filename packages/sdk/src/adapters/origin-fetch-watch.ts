import type { AbortSignalLike } from "../engine/ports.ts";

/** Ends one ask: when the caller aborts, when a step takes too long, or when its bytes are no longer wanted. */
export class Watch {
  readonly #caller: AbortSignalLike;
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#giveUp("was given up");
  #giveUp: (why: string) => void = () => {};

  constructor(caller: AbortSignalLike) {
    this.#caller = caller;
    caller.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs one step. Fails when it takes longer than this, or the caller aborts, whether or not the step notices. */
  step<T>(timeoutMs: number, what: string, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp = (why) => {
        reject(new Error(`${what} ${why}`));
        this.#controller.abort();
      };
      if (this.#caller.aborted) return this.#onAbort();
      const timer = setTimeout(() => this.#giveUp(`took over ${timeoutMs} ms`), timeoutMs);
      run()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  /** Lets go; a body that is still coming is cut off. */
  close(): void {
    this.#caller.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
  }
}

/** Waits, but no longer than until the signal aborts. */
export function sleepUnlessAborted(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
