/** A line of a session description with the SHA-256 fingerprint of so many equal bytes. */
export function printLine(byte: string): string {
  return `a=fingerprint:sha-256 ${Array(32).fill(byte.toUpperCase()).join(":")}`;
}

/** The same as somebody may write it who wants one program to see it, and another not to. */
export const DISGUISES: Readonly<Record<string, (byte: string) => string>> = {
  "a space for the colon": (byte) => printLine(byte).replace("fingerprint:", "fingerprint "),
  "a tab for the colon": (byte) => printLine(byte).replace("fingerprint:", "fingerprint\t"),
  "a space before the name": (byte) => printLine(byte).replace("a=", "a= "),
  "a colon before the name": (byte) => printLine(byte).replace("a=", "a=:"),
  "a space behind the colon": (byte) => printLine(byte).replace("fingerprint:", "fingerprint: "),
  "two spaces": (byte) => printLine(byte).replace("256 ", "256  "),
  "a space at the end": (byte) => `${printLine(byte)} `,
  "a zero at the end": (byte) => `${printLine(byte)}\0`,
  "a line ended by a carriage return": (byte) => `s=-\r${printLine(byte)}`,
  "a line ended by a line separator": (byte) => `s=-\u2028${printLine(byte)}`,
  "a space at the beginning": (byte) => ` ${printLine(byte)}`,
  capitals: (byte) => printLine(byte).replace("a=fingerprint", "A=FINGERPRINT"),
};
