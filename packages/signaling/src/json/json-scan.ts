import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isDigit,
  isHexDigit,
  LITERALS,
  LOWER_U,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SIMPLE_ESCAPES,
  SPECIAL,
  specialIn,
} from "./json-bytes.ts";

/** In place of where a value ends: it is not JSON. */
export const MALFORMED = -1;

/** Objects and arrays within each other; recursion goes no deeper, whatever is sent. */
const MAX_DEPTH = 16;

/** Reads the values that matter, and skips the others; each call returns where the value ends, or MALFORMED. */
export interface JsonVisitor<Place> {
  /** A member of the object at `place`; the scanner's `nameStart` and `nameEnd` are those of its name. */
  member(place: Place, valueStart: number, depth: number): number;
  /** An item of the array at `place`. */
  item(place: Place, itemStart: number, depth: number): number;
}

/**
 * A strict JSON scanner over bytes (RFC 8259), which are valid UTF-8. An announce holds up to ten session descriptions of
 * a kilobyte each, which are handed on as they came: they have to be valid JSON, and need not become strings. `Place`
 * says to the visitor where in the message it is; nothing is allocated on the way.
 */
export class JsonScanner<Place> {
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #visitor: JsonVisitor<Place>;
  /** Where the name of the member that is visited is, without its quotes. */
  nameStart = 0;
  nameEnd = 0;

  constructor(bytes: Uint8Array, visitor: JsonVisitor<Place>) {
    this.#bytes = bytes;
    this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#visitor = visitor;
  }

  skipSpace(start: number): number {
    let at = start;
    for (;;) {
      const byte = this.#bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
      at += 1;
    }
  }

  isObject(at: number): boolean {
    return this.#bytes[at] === OPEN_BRACE;
  }

  isArray(at: number): boolean {
    return this.#bytes[at] === OPEN_BRACKET;
  }

  isString(at: number): boolean {
    return this.#bytes[at] === QUOTE;
  }

  /** Any value that is of no interest. */
  skip(start: number, depth: number): number {
    const byte = this.#bytes[start];
    if (byte === QUOTE) return this.#string(start);
    if (byte === OPEN_BRACE) return this.object(start, undefined, depth);
    if (byte === OPEN_BRACKET) return this.array(start, undefined, depth);
    if (byte === MINUS || isDigit(byte)) return this.#number(start);
    const literal = byte === undefined ? undefined : LITERALS.get(byte);
    if (!literal) return MALFORMED;
    for (let n = 1; n < literal.length; n++) if (this.#bytes[start + n] !== literal[n]) return MALFORMED;
    return start + literal.length;
  }

  /** An object whose members the visitor reads; without a place they are skipped. */
  object(start: number, place: Place | undefined, depth: number): number {
    if (this.#bytes[start] !== OPEN_BRACE || depth >= MAX_DEPTH) return MALFORMED;
    let at = this.skipSpace(start + 1);
    if (this.#bytes[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      const nameEnd = this.#string(at);
      if (nameEnd === MALFORMED) return MALFORMED;
      const colon = this.skipSpace(nameEnd);
      if (this.#bytes[colon] !== COLON) return MALFORMED;
      const valueStart = this.skipSpace(colon + 1);
      this.nameStart = at + 1;
      this.nameEnd = nameEnd - 1;
      const end =
        place === undefined
          ? this.skip(valueStart, depth + 1)
          : this.#visitor.member(place, valueStart, depth + 1);
      if (end === MALFORMED) return MALFORMED;
      at = this.skipSpace(end);
      if (this.#bytes[at] === CLOSE_BRACE) return at + 1;
      if (this.#bytes[at] !== COMMA) return MALFORMED;
      at = this.skipSpace(at + 1);
    }
  }

  /** An array whose items the visitor reads; without a place they are skipped. */
  array(start: number, place: Place | undefined, depth: number): number {
    if (this.#bytes[start] !== OPEN_BRACKET || depth >= MAX_DEPTH) return MALFORMED;
    let at = this.skipSpace(start + 1);
    if (this.#bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      const end = place === undefined ? this.skip(at, depth + 1) : this.#visitor.item(place, at, depth + 1);
      if (end === MALFORMED) return MALFORMED;
      at = this.skipSpace(end);
      if (this.#bytes[at] === CLOSE_BRACKET) return at + 1;
      if (this.#bytes[at] !== COMMA) return MALFORMED;
      at = this.skipSpace(at + 1);
    }
  }

  #string(start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== QUOTE) return MALFORMED;
    let at = start + 1;
    for (;;) {
      at = this.#plainEnd(at);
      // Line ends come in pairs of escapes.
      while (bytes[at] === BACKSLASH) {
        const escaped = bytes[at + 1] ?? 0;
        if (SIMPLE_ESCAPES[escaped] === 1) at += 2;
        else if (escaped === LOWER_U && this.#areHexDigits(at + 2, 4)) at += 6;
        else return MALFORMED;
      }
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) return at + 1;
      if (SPECIAL[byte] === 1) return MALFORMED;
    }
  }

  /** The first byte from here on that a string cannot hold as it is; eight at a time where there are none. */
  #plainEnd(start: number): number {
    const [bytes, words] = [this.#bytes, this.#words];
    const last = bytes.length - 8;
    let at = start;
    while (
      at <= last &&
      (specialIn(words.getInt32(at, true)) | specialIn(words.getInt32(at + 4, true))) === 0
    )
      at += 8;
    while (SPECIAL[bytes[at] ?? 0] === 0) at += 1;
    return at;
  }

  #areHexDigits(start: number, count: number): boolean {
    for (let n = 0; n < count; n++) if (!isHexDigit(this.#bytes[start + n])) return false;
    return true;
  }

  #number(start: number): number {
    let at = this.#bytes[start] === MINUS ? start + 1 : start;
    const isZero = this.#bytes[at] === 0x30;
    const integerEnd = this.#digits(at);
    if (integerEnd === at || (isZero && integerEnd > at + 1)) return MALFORMED;
    at = integerEnd;
    if (this.#bytes[at] === 0x2e) {
      const end = this.#digits(at + 1);
      if (end === at + 1) return MALFORMED;
      at = end;
    }
    if (this.#bytes[at] === 0x65 || this.#bytes[at] === 0x45) {
      const sign = this.#bytes[at + 1];
      const digits = sign === 0x2b || sign === MINUS ? at + 2 : at + 1;
      const end = this.#digits(digits);
      if (end === digits) return MALFORMED;
      at = end;
    }
    return at;
  }

  #digits(start: number): number {
    let at = start;
    while (isDigit(this.#bytes[at])) at += 1;
    return at;
  }
}
