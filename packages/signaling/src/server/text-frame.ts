import type { WireText } from "../wire-text.ts";

/*
 * RFC 6455 §5.2, a final text frame from a server, which is not masked:
 *
 *   0x81 | length < 126 ...................... | payload
 *   0x81 | 126 | length, 16 bits, big-endian   | payload
 *   0x81 | 127 | length, 64 bits, big-endian   | payload
 */
const FINAL_TEXT = "\x81";
/** What precedes most messages, by their length. */
const HEADS = Array.from({ length: 4096 }, (_, length) => headOf(length));

/** A whole frame, one byte a character. `ws` writes one buffer or two for each frame; text can be joined before. */
export function textFrame(text: WireText): string {
  return (HEADS[text.length] ?? headOf(text.length)) + text;
}

function headOf(length: number): string {
  if (length < 126) return FINAL_TEXT + String.fromCharCode(length);
  if (length < 0x10000) return FINAL_TEXT + String.fromCharCode(126, length >>> 8, length & 0xff);
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return FINAL_TEXT + String.fromCharCode(127, 0, 0, 0, 0, ...bytes);
}
