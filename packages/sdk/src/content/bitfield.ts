import { RivuletError } from "../base/errors.ts";

/** Which pieces somebody has: one bit a piece, the first in the highest bit of the first byte. */
export class Bitfield {
  readonly length: number;
  readonly #bytes: Uint8Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.#bytes = new Uint8Array(Math.ceil(length / 8));
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length);
    for (let i = 0; i < length; i++) field.add(i);
    return field;
  }

  /** Reads the wire form. Throws `frame-malformed` when the length is off or a spare bit is set. */
  static fromBytes(bytes: Uint8Array, length: number): Bitfield {
    const field = new Bitfield(length);
    let sound = bytes.byteLength === field.#bytes.byteLength;
    for (let i = 0; i < bytes.byteLength * 8; i++) if (bit(bytes, i)) sound = field.add(i) && sound;
    if (sound) return field;
    throw new RivuletError("frame-malformed", "A bitfield has another length, or a spare bit is set.");
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  get complete(): boolean {
    return this.#count === this.length;
  }

  has(index: number): boolean {
    return bit(this.#bytes, index);
  }

  /** Sets a bit; true when it was not set before. */
  add(index: number): boolean {
    if (index < 0 || index >= this.length || this.has(index)) return false;
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] as number) | (0x80 >> (index & 7));
    this.#count++;
    return true;
  }

  /** Clears a bit; true when it was set before. */
  delete(index: number): boolean {
    if (!this.has(index)) return false;
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] as number) & ~(0x80 >> (index & 7));
    this.#count--;
    return true;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) if (this.has(i)) yield i;
  }
}

function bit(bytes: Uint8Array, index: number): boolean {
  return (((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1;
}
