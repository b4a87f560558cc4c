declare const brand: unique symbol;
/**
 * The UTF-8 of a message, one byte a character (as Node's `latin1` writes it). A string of such characters is written to
 * a socket without a buffer of its own, and several of them, joined, in one write.
 */
export type WireText = string & { readonly [brand]: "WireText" };

/** Most messages are ASCII and pass as they are. */
export function wireText(text: string): WireText {
  return isAscii(text) ? text : asWireText(Buffer.from(text, "utf8").toString("latin1"));
}

/** For text that is known to be wire text already: made of wire texts and ASCII, or cut out of a received message. */
export function asWireText(text: string): WireText {
  return text as WireText;
}

function isAscii(text: string): text is WireText {
  return Buffer.byteLength(text, "utf8") === text.length;
}
