import type { Effect } from "#sdk/engine/io.ts";

/** FNV-1a over everything that every engine did: two runs told the same story exactly when their hashes agree. */
export class Trace {
  #hash = 0x811c9dc5;
  effects = 0;

  get hash(): number {
    return this.#hash >>> 0;
  }

  add(host: number, now: number, effect: Effect): void {
    this.effects++;
    this.#number(host);
    this.#number(now * 1000);
    this.#text(effect.type);
    if ("piece" in effect) this.#number(effect.piece);
    if ("first" in effect) this.#number(effect.first * 4096 + effect.count);
    if ("peer" in effect) this.#text(effect.peer);
    if (effect.type === "send") {
      this.#text(effect.frame.type);
      this.#number(effect.frame.request);
    }
  }

  #number(value: number): void {
    this.#hash = Math.imul(this.#hash ^ (value | 0), 0x01000193);
    this.#hash ^= this.#hash >>> 15;
  }

  #text(text: string): void {
    for (let i = 0; i < text.length && i < 8; i++) {
      this.#hash = Math.imul(this.#hash ^ text.charCodeAt(i), 0x01000193);
    }
  }
}
