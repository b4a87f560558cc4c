import type { BinaryId } from "./tracker-message.ts";

/** An id as tokens and other processes name it. */
export function hexOf(id: BinaryId): string {
  return Buffer.from(id, "latin1").toString("hex");
}

/** The characters of bytes in hex; what is no hex ends them. */
export function bytesOfHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1");
}
