import type { BinaryId } from "./tracker-message.ts";

/** In place of a hash: the bytes are no 20-byte id. */
export const NO_ID = -1;

const ID_LENGTH = 20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
/** `\b`, `\f`, `\n`, `\r`, `\t`; any other simple escape stands for itself. */
const ESCAPED: ReadonlyMap<number, number> = new Map([
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a (Fowler, Noll, Vo), 32 bits: an offer's id is looked up by it among a few, and nothing is secured by it. */
export function idHash(id: BinaryId): number {
  let hash = FNV_OFFSET;
  for (let n = 0; n < id.length; n++) hash = Math.imul(hash ^ id.charCodeAt(n), FNV_PRIME);
  return hash >>> 0;
}

/** The same of an id in a message, a JSON string that is well formed, without making a string of it. */
export function idHashIn(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return NO_ID;
  let hash = FNV_OFFSET;
  let length = 0;
  for (let at = start + 1; at < end - 1; length++) {
    const byte = bytes[at] ?? 0;
    let character = byte;
    if (byte === BACKSLASH) {
      const escaped = bytes[at + 1] ?? 0;
      if (escaped === LOWER_U) {
        character = hexIn(bytes, at + 2);
        at += 6;
      } else {
        character = ESCAPED.get(escaped) ?? escaped;
        at += 2;
      }
    } else if (byte < 0x80) at += 1;
    else {
      // U+0080 to U+00FF take two bytes of UTF-8, the first of them 0xc2 or 0xc3.
      if (byte > 0xc3) return NO_ID;
      character = ((byte & 0x1f) << 6) | ((bytes[at + 1] ?? 0) & 0x3f);
      at += 2;
    }
    if (character > 0xff || length >= ID_LENGTH) return NO_ID;
    hash = Math.imul(hash ^ character, FNV_PRIME);
  }
  return length === ID_LENGTH ? hash >>> 0 : NO_ID;
}

function hexIn(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let n = 0; n < 4; n++) {
    const digit = bytes[start + n] ?? 0;
    value = value * 16 + (digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57);
  }
  return value;
}
