import { second } from "@rivulet/sdk/protocol";

/** Addresses that are remembered before those who have paid are forgotten, and in the end all others too. */
const MAX_ADDRESSES = 10_000;

/**
 * How many fetches requests from one address may cause: `burst` at once, `perSecond` for ever. It keeps one time for
 * each address (the generic cell rate algorithm, ITU-T I.371): when all that it has caused will be paid.
 */
export class FetchAllowance {
  readonly #costMs: number;
  readonly #burstMs: number;
  readonly #paidAtMs = new Map<string, number>();
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(limits: { readonly perSecond: number; readonly burst: number }) {
    this.#costMs = second / limits.perSecond;
    this.#burstMs = limits.burst * this.#costMs;
  }

  get addresses(): number {
    return this.#paidAtMs.size;
  }

  /** Takes so many; false, and takes none, when there are not as many. */
  take(address: string, fetches: number, now: number): boolean {
    if (fetches === 0) return true;
    const paidAtMs = Math.max(now, this.#paidAtMs.get(address) ?? now) + fetches * this.#costMs;
    if (paidAtMs - now > this.#burstMs) return false;
    if (!this.#paidAtMs.has(address)) this.#makeRoom(now);
    this.#paidAtMs.set(address, paidAtMs);
    return true;
  }

  /** Somebody with very many addresses must cost neither memory for each of them, nor a look at all with each. */
  #makeRoom(now: number): void {
    if (this.#paidAtMs.size < MAX_ADDRESSES) return;
    const isSwept = now - this.#sweptAtMs < second;
    if (!isSwept) this.#sweep(now);
    const [oldest] = this.#paidAtMs.keys();
    if (this.#paidAtMs.size >= MAX_ADDRESSES && oldest !== undefined) this.#paidAtMs.delete(oldest);
  }

  #sweep(now: number): void {
    this.#sweptAtMs = now;
    for (const [address, paidAtMs] of this.#paidAtMs) if (paidAtMs <= now) this.#paidAtMs.delete(address);
  }
}
