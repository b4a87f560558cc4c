import type { WireText } from "../wire-text.ts";

/*
 * RFC 6455 §5.2, a final text frame from a server, which is not masked:
 *
 *   0x81 | length < 126 ...................... | payload
 *   0x81 | 126 | length, 16 bits, big-endian   | payload
 *   0x81 | 127 | length, 64 bits, big-endian   | payload
 */
const FINAL_TEXT = "\x81";

/** A whole frame, one byte a character. `ws` writes one buffer or two for each frame; text can be joined before. */
export function textFrame(text: WireText): string {
  const { length } = text;
  if (length < 126) return FINAL_TEXT + String.fromCharCode(length) + text;
  if (length < 0x10000) return FINAL_TEXT + String.fromCharCode(126, length >>> 8, length & 0xff) + text;
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return FINAL_TEXT + String.fromCharCode(127, 0, 0, 0, 0, ...bytes) + text;
}
