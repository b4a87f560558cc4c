import { RivuletError } from "../../base/errors.ts";

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
export const HEADER_BYTES = 8;

/** The two numbers that every frame carries besides its type. */
export interface FrameHeader {
  readonly handle: number;
  readonly request: number;
}

/** Writes a frame of known length: header first, then the body in order. */
export class FrameWriter {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEADER_BYTES;

  constructor(type: number, header: FrameHeader, bodyBytes: number) {
    this.bytes = new Uint8Array(HEADER_BYTES + bodyBytes);
    this.#view = new DataView(this.bytes.buffer);
    this.#view.setUint8(0, type);
    this.#view.setUint16(2, header.handle);
    this.#view.setUint32(4, header.request);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.byteLength;
    return this;
  }
}

/** Reads a frame's body in order; reading past its end throws `frame-malformed`. */
export class FrameReader {
  readonly type: number;
  readonly header: FrameHeader;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEADER_BYTES;

  constructor(bytes: Uint8Array) {
    if (bytes.byteLength < HEADER_BYTES)
      throw new RivuletError("frame-malformed", "A frame is shorter than its header.");
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.type = this.#view.getUint8(0);
    if (this.#view.getUint8(1) !== 0)
      throw new RivuletError("frame-malformed", "A frame's reserved byte is not 0.");
    this.header = { handle: this.#view.getUint16(2), request: this.#view.getUint32(4) };
  }

  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** A view of the next bytes, not a copy: the caller owns the whole frame. */
  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** To be called last: a frame with bytes left over is malformed. */
  end(): void {
    if (this.left !== 0)
      throw new RivuletError("frame-malformed", `A frame has ${this.left} bytes too many.`);
  }

  #take(length: number): number {
    if (length > this.left) throw new RivuletError("frame-malformed", "A frame ends too early.");
    const at = this.#at;
    this.#at += length;
    return at;
  }
}
