import { keyOf } from "../../client/resource-key.ts";

/** What this page is asking the origin itself, for want of a better answer: nobody need ask Rivulet for it again. */
export class Passing {
  readonly #urls = new Map<string, number>();

  has(url: string): boolean {
    return this.#urls.has(keyOf(url));
  }

  /** Remembers a URL until its answer has begun, or failed. */
  async with<T>(url: string, answer: () => Promise<T>): Promise<T> {
    const key = keyOf(url);
    this.#urls.set(key, (this.#urls.get(key) ?? 0) + 1);
    try {
      return await answer();
    } finally {
      const left = (this.#urls.get(key) ?? 1) - 1;
      if (left === 0) this.#urls.delete(key);
      else this.#urls.set(key, left);
    }
  }
}
