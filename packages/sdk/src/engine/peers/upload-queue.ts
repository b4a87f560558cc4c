import type { ContentId } from "../../base/ids.ts";

/** A request of the peer's that waits to be served. */
export interface UploadRequest {
  readonly request: number;
  readonly content: ContentId;
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

/** Reads ahead of the wire: enough to keep it busy, few enough that memory stays bounded. */
const READS_AT_ONCE = 4;

/** What one peer asked of us: waiting, or being read from the store. */
export class UploadQueue {
  readonly #limit: number;
  #waiting: UploadRequest[] = [];
  readonly #reading = new Map<number, UploadRequest>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting.length + this.#reading.size;
  }

  /** False when the queue is full. */
  push(request: UploadRequest): boolean {
    if (this.size >= this.#limit) return false;
    this.#waiting.push(request);
    return true;
  }

  /** The next request to read from the store, if one may be read now. */
  next(): UploadRequest | undefined {
    if (this.#reading.size >= READS_AT_ONCE) return undefined;
    const request = this.#waiting.shift();
    if (request) this.#reading.set(request.request, request);
    return request;
  }

  /** The read is over; undefined when the peer cancelled it meanwhile. */
  read(request: number): UploadRequest | undefined {
    const found = this.#reading.get(request);
    this.#reading.delete(request);
    return found;
  }

  cancel(request: number): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.request !== request);
    this.#reading.delete(request);
  }

  /** The content is no longer held; the peer is told so, and expects nothing more. */
  drop(content: ContentId): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.content !== content);
    for (const [request, reading] of this.#reading) {
      if (reading.content === content) this.#reading.delete(request);
    }
  }

  /** Empties the queue and returns what was in it. */
  drain(): UploadRequest[] {
    const all = [...this.#reading.values(), ...this.#waiting];
    this.#reading.clear();
    this.#waiting = [];
    return all;
  }
}
