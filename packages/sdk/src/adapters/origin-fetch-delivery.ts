import type { Origin } from "../engine/ports.ts";

export type OriginRequest = Parameters<Origin["fetch"]>[0];

/** Sees to it that the bytes of one request are given once, in order and gapless, out of as many answers as it takes. */
export class Delivery {
  readonly #request: OriginRequest;
  #kind: "range" | "whole" | undefined;
  /** The next byte of the resource that is to be given. */
  #position: number;
  /** The next byte of the resource that the present answer brings. */
  #incoming = 0;

  constructor(request: OriginRequest) {
    this.#request = request;
    this.#position = request.end === undefined ? 0 : request.start;
  }

  get position(): number {
    return this.#position;
  }

  /** The byte after the last one wanted; undefined when that is the resource's end. */
  get end(): number | undefined {
    return this.#kind === "whole" ? undefined : this.#request.end;
  }

  /** The Range header of the next ask; undefined when everything from the first byte on is wanted. */
  get rangeHeader(): string | undefined {
    if (this.end !== undefined) return `bytes=${this.#position}-${this.end - 1}`;
    return this.#position > 0 ? `bytes=${this.#position}-` : undefined;
  }

  /** How far the present answer came. */
  get reached(): number {
    return this.#incoming;
  }

  /** An answer begins: a part, from `position` on, or the whole, from byte 0. */
  begin(answer: "part" | "whole"): void {
    if (this.#kind === undefined) {
      this.#kind = answer === "part" ? "range" : "whole";
      if (this.#kind === "whole") this.#position = 0;
      this.#request.onAnswer({ kind: this.#kind });
    }
    this.#incoming = answer === "part" ? this.#position : 0;
  }

  /** Gives on what was not given before; returns true when nothing more is wanted. */
  take(bytes: Uint8Array): boolean {
    const skipped = Math.max(0, this.#position - this.#incoming);
    const wanted = this.end === undefined ? bytes.byteLength : this.end - this.#incoming;
    const fresh = bytes.subarray(skipped, Math.max(skipped, wanted));
    this.#incoming += bytes.byteLength;
    if (fresh.byteLength > 0) {
      this.#position += fresh.byteLength;
      this.#request.onBytes(fresh);
    }
    return this.end !== undefined && this.#position >= this.end;
  }
}
