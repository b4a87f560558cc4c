import type { AbortSignalLike } from "../engine/ports.ts";

/** Ends one ask: when the caller aborts, when a step takes too long, or when its bytes are no longer wanted. */
export class Watch {
  readonly #caller: AbortSignalLike;
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(caller: AbortSignalLike) {
    this.#caller = caller;
    if (caller.aborted) this.#controller.abort();
    caller.addEventListener("abort", this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs one step. Fails when it takes longer than this, or the caller aborts, whether or not the step notices. */
  async step<T>(timeoutMs: number, what: string, run: () => Promise<T>): Promise<T> {
    const { signal } = this.#controller;
    let onAbort = () => {};
    const ended = new Promise<never>((_, reject) => {
      onAbort = () => reject(new Error(`${what} was given up`));
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      this.#timer = setTimeout(() => {
        reject(new Error(`${what} took over ${timeoutMs} ms`));
        this.#controller.abort();
      }, timeoutMs);
    });
    try {
      return await Promise.race([run(), ended]);
    } finally {
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Lets go; a body that is still coming is cut off. */
  close(): void {
    clearTimeout(this.#timer);
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
