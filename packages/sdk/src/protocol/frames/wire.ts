import { RivuletError } from "../../base/errors.ts";
import { MAX_FRAME_BYTES } from "../limits.ts";

/*
 * Every frame starts with the same eight bytes, big-endian:
 *
 *   0        1        2                 4                                   8
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *   | type   | 0      | handle          | request                           | body
 *   +--------+--------+--------+--------+--------+--------+--------+--------+----
 *
 * handle   which content the frame is about, as the sender numbered it in its open frame; 0 for the connection itself
 * request  names a request and everything that answers it; 0 where nothing is asked
 */
/** The two numbers that every frame carries besides its type. */
export interface FrameHeader {
  readonly handle: number;
  readonly request: number;
}

/** How one type of frame is written and read; the header is the same for all. */
export interface FrameCodec<Frame extends FrameHeader & { readonly type: string }> {
  readonly type: Frame["type"];
  /** The type's byte. */
  readonly code: number;
  write(body: FrameWriter, frame: Frame): void;
  /** Throws `frame-malformed`. */
  read(body: FrameReader): Omit<Frame, "type" | keyof FrameHeader>;
}

/** All frames are written here, one after the other: fresh memory for each would cost more than all else of sending it. */
const SCRATCH = new Uint8Array(MAX_FRAME_BYTES);

/** Writes a frame: header first, then the body in order. */
export class FrameWriter {
  #length = 0;

  constructor(code: number, { handle, request }: FrameHeader) {
    this.uint(1, code).uint(1, 0).uint(2, handle).uint(4, request);
  }

  /** What was written; it stands until another frame is begun. */
  get bytes(): Uint8Array {
    return SCRATCH.subarray(0, this.#length);
  }

  /** A number in this many bytes. */
  uint(width: number, value: number): this {
    let at = this.#grow(width);
    while (width-- > 0) SCRATCH[at++] = value >>> (8 * width);
    return this;
  }

  /** Throws `frame-too-large`. */
  raw(bytes: Uint8Array): this {
    SCRATCH.set(bytes, this.#grow(bytes.byteLength));
    return this;
  }

  /** Where the next bytes go. */
  #grow(bytes: number): number {
    checkSize(this.#length + bytes);
    this.#length += bytes;
    return this.#length - bytes;
  }
}

/** Reads a frame in order; reading past its end throws `frame-malformed`. */
export class FrameReader {
  readonly code: number;
  readonly header: FrameHeader;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.code = this.uint(1);
    if (this.uint(1) !== 0) throw malformed("reserved byte set");
    this.header = { handle: this.uint(2), request: this.uint(4) };
  }

  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  /** A number of this many bytes. */
  uint(width: number): number {
    let value = 0;
    for (let at = this.#skip(width); at < this.#at; at++) value = value * 256 + (this.#bytes[at] as number);
    return value;
  }

  /** A view of the next bytes, not a copy: the caller owns the whole frame. */
  raw(length: number): Uint8Array {
    return this.#bytes.subarray(this.#skip(length), this.#at);
  }

  /** Where the next bytes start. */
  #skip(length: number): number {
    if (length > this.left) throw malformed("too short");
    this.#at += length;
    return this.#at - length;
  }

  /** All that is left, as items of this many bytes. */
  list<Item>(itemBytes: number, maxItems: number, read: () => Item): Item[] {
    const length = this.left / itemBytes;
    if (!Number.isInteger(length) || length > maxItems) throw malformed("bad list length");
    return Array.from({ length }, read);
  }
}

/** A frame's one byte that says why: 1 for the first of the reasons. */
export function writeReason(body: FrameWriter, reasons: readonly string[], reason: string): void {
  body.uint(1, reasons.indexOf(reason) + 1);
}

export function readReason<Reason>(body: FrameReader, reasons: readonly Reason[]): Reason {
  const reason = reasons[body.uint(1) - 1];
  if (!reason) throw malformed("unknown reason");
  return reason;
}

/** Throws `frame-too-large` when a frame of so many bytes is. */
export function checkSize(bytes: number): void {
  if (bytes > MAX_FRAME_BYTES)
    throw new RivuletError("frame-too-large", `A frame of ${bytes} bytes is over the limit.`);
}

export function malformed(what: string): RivuletError {
  return new RivuletError("frame-malformed", `Malformed frame: ${what}.`);
}
