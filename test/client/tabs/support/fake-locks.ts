import type { Locks } from "#sdk/client/tabs/leadership.ts";

/** Locks of all the tabs of one browser, as far as an election takes them. */
export class FakeLocks implements Locks {
  /** By name: who waits, and first who holds. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** How many requests were made. */
  requests = 0;

  request(
    name: string,
    { signal }: { readonly signal: AbortSignal },
    held: () => Promise<void>,
  ): Promise<unknown> {
    this.requests++;
    let isHeld = false;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const given = before.then(() => {
      if (signal.aborted) return undefined;
      isHeld = true;
      return held();
    });
    this.#queues.set(
      name,
      given.catch(() => undefined),
    );
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => {
        if (!isHeld) reject(signal.reason);
      });
      given.then(resolve, reject);
    });
  }
}
