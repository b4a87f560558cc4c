/** Time, as the manifest service sees it. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Calls back after so many ms, unless the function that it returns is called before. Keeps no process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const nodeClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
