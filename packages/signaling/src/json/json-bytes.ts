/* What JSON's bytes are (RFC 8259). */

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const MINUS = 0x2d;
export const LOWER_U = 0x75;

/** What a string cannot hold as it is: control characters, the quote, the backslash. */
export const SPECIAL = tableOf([...Array(0x20).keys(), QUOTE, BACKSLASH]);
/** What follows a backslash and is complete by itself: `"\/bfnrt`. */
export const SIMPLE_ESCAPES = tableOf([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);
export const LITERALS: ReadonlyMap<number, Buffer> = new Map(
  ["true", "false", "null"].map((word) => [word.charCodeAt(0), Buffer.from(word)] as const),
);

/**
 * Not 0 when one of four bytes is below 0x20, a quote or a backslash; false alarms are possible, misses are not (Anderson,
 * "Bit Twiddling Hacks", determine if a word has a byte less than n, or a zero byte).
 */
export function specialIn(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const control = (word - 0x20202020) & ~word;
  return (
    (control | ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes)) & 0x80808080
  );
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function tableOf(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}
