import { RivuletError } from "../base/errors.ts";

/**
 * Which pieces somebody has: one bit a piece, the first in the highest bit of the first byte. That of a live content
 * slides: it begins at a later piece, and grows.
 */
export class Bitfield {
  /** True for that of a live content, which is never complete. */
  readonly growing: boolean;
  #bytes: Uint8Array;
  #first: number;
  #end: number;
  #count = 0;

  /** Pieces [first, first + length); `first` must be a multiple of eight. */
  constructor(length: number, sliding?: { readonly first: number }) {
    this.growing = sliding !== undefined;
    this.#first = sliding?.first ?? 0;
    this.#end = this.#first + length;
    this.#bytes = new Uint8Array(Math.ceil(length / 8));
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length);
    for (let i = 0; i < length; i++) field.add(i);
    return field;
  }

  /** Reads the wire form. Throws `frame-malformed` when the length is off or a spare bit is set. */
  static fromBytes(bytes: Uint8Array, length: number, sliding?: { readonly first: number }): Bitfield {
    const field = new Bitfield(length, sliding);
    let sound = bytes.byteLength === field.#bytes.byteLength && field.#first % 8 === 0;
    for (let i = 0; i < bytes.byteLength * 8; i++)
      if (bit(bytes, i)) sound = field.add(field.#first + i) && sound;
    if (sound) return field;
    throw new RivuletError("frame-malformed", "A bitfield has another length, or a spare bit is set.");
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** The last `length` pieces of it, or a few less, as one of its own. */
  tail(length: number): Bitfield {
    const tail = new Bitfield(0, this.growing ? { first: this.#first } : undefined);
    tail.#end = this.#end;
    tail.#bytes = this.#bytes.slice();
    tail.#count = this.#count;
    if (this.length > length) tail.slide(this.#end - length + 7, this.#end);
    return tail;
  }

  /** In a few words, to compare peers by: 16 hex digits, the i-th bit from the left set when a piece of the i-th 64th is there. */
  get sketch(): string {
    const bits = new Uint8Array(64);
    for (const piece of this) bits[Math.floor(((piece - this.#first) * 64) / this.length)] = 1;
    return BigInt(`0b${bits.join("")}`)
      .toString(16)
      .padStart(16, "0");
  }

  /** The first piece that it speaks of. */
  get first(): number {
    return this.#first;
  }

  /** The piece after the last that it speaks of. */
  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#first;
  }

  /** How many bits are set. */
  get count(): number {
    return this.#count;
  }

  get complete(): boolean {
    return !this.growing && this.#count === this.length;
  }

  has(index: number): boolean {
    return index >= this.#first && bit(this.#bytes, index - this.#first);
  }

  /** Sets a bit; true when it was not set before. */
  add(index: number): boolean {
    if (index < this.#first || index >= this.#end || this.has(index)) return false;
    const at = index - this.#first;
    this.#bytes[at >> 3] = (this.#bytes[at >> 3] as number) | (0x80 >> (at & 7));
    this.#count++;
    return true;
  }

  /** Clears a bit; true when it was set before. */
  delete(index: number): boolean {
    if (!this.has(index)) return false;
    const at = index - this.#first;
    this.#bytes[at >> 3] = (this.#bytes[at >> 3] as number) & ~(0x80 >> (at & 7));
    this.#count--;
    return true;
  }

  /** Forgets what is before `first`, down to a multiple of eight, and reaches to `end`; never back. */
  slide(first: number, end: number): void {
    const from = Math.max(this.#first, first - (first % 8));
    const until = Math.max(this.#end, end, from);
    for (let i = this.#first; i < Math.min(from, this.#end); i++) this.delete(i);
    const bytes = new Uint8Array(Math.ceil((until - from) / 8));
    bytes.set(this.#bytes.subarray((from - this.#first) / 8));
    this.#bytes = bytes;
    this.#first = from;
    this.#end = until;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = this.#first; i < this.#end; i++) if (this.has(i)) yield i;
  }
}

function bit(bytes: Uint8Array, index: number): boolean {
  return (((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1;
}
