/** Bytes [start, end) of a body. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header (RFC 9110 §14.2) for a body of `size` bytes. `unsatisfiable` deserves a 416; `ignored` is
 * anything that a server may answer with the whole body: several ranges, another unit, bad syntax.
 */
export function readRange(header: string, size: number): ByteRange | "unsatisfiable" | "ignored" {
  const match = /^bytes=[ \t]*(\d*)-(\d*)$/i.exec(header.trim());
  if (!match) return "ignored";
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return "ignored";
  if (first === "") {
    const length = Number(last);
    return length === 0 || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "ignored";
  const end = last === "" ? size : Number(last) + 1;
  return start >= size ? "unsatisfiable" : { start, end: Math.min(end, size) };
}
