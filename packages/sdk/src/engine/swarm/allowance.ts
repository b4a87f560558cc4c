/** How much one connection may ask for: so much at once, and one more every so often. What is above is ignored. */
export class Allowance {
  readonly #burst: number;
  readonly #everyMs: number;
  #left: number;
  #at: number;

  constructor(burst: number, everyMs: number, now: number) {
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#left = burst;
    this.#at = now;
  }

  /** True when it is still allowed. */
  take(now: number, amount = 1): boolean {
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) / this.#everyMs);
    this.#at = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
