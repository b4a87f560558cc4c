import { fromHex } from "../../base/bytes.ts";
import type { End } from "./handshake.ts";

const DESCRIBES: Readonly<Record<End, string>> = { dialler: "offer", answerer: "answer" };
const PRINT_LINE = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;

/** The certificates of a connection's two ends, as the descriptions that passed name them. */
export class Certificates {
  /** Undefined for an end whose description names none, or is not to be trusted with it. */
  readonly prints: Record<End, Uint8Array | undefined> = { dialler: undefined, answerer: undefined };
  readonly #described = new Set<End>();

  /** Both ends have described themselves. */
  get exchanged(): boolean {
    return this.#described.size === 2;
  }

  /** The first description of each end counts, as it does for the connection itself; nothing else describes. */
  note(end: End, signal: { readonly type?: unknown }): void {
    if (signal.type !== DESCRIBES[end] || this.#described.has(end)) return;
    this.#described.add(end);
    this.prints[end] = certificatePrint(signal);
  }
}

/**
 * The one SHA-256 fingerprint in a session description. Undefined when there is none, when there are several, of which the
 * browser takes one that matches, and when the word stands anywhere else: browsers differ in what they take for such a line
 * (Firefox also `a=fingerprint sha-256 …`), and one that only the browser sees would be the true one.
 */
export function certificatePrint(signal: object): Uint8Array | undefined {
  const sdp = "sdp" in signal && typeof signal.sdp === "string" ? signal.sdp : "";
  const prints = sdp.split(/\r?\n/).flatMap((line) => PRINT_LINE.exec(line)?.[1]?.toLowerCase() ?? []);
  const [print, another] = new Set(prints);
  const isAll = sdp.match(/fingerprint/gi)?.length === prints.length;
  return print && another === undefined && isAll ? fromHex(print.replaceAll(":", "")) : undefined;
}
