import type { ContentId } from "../../base/ids.ts";

/** A request of the peer's that waits to be served. */
export interface UploadRequest {
  readonly request: number;
  readonly content: ContentId;
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
  /** When it came. */
  readonly at: number;
}

/** How many connected peers have a piece. */
export type Availability = (content: ContentId, piece: number) => number;

/** What the peer asked for of one piece, in its order. */
interface PieceRequests {
  readonly content: ContentId;
  readonly piece: number;
  requests: UploadRequest[];
}

/** What one peer asked of us: waiting, piece by piece, or being read from the store. */
export class UploadQueue {
  readonly #limit: number;
  #pieces: PieceRequests[] = [];
  /** The piece in front, of which something was read. */
  #begun: PieceRequests | undefined;
  #waiting = 0;
  readonly #reading = new Map<number, UploadRequest>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#waiting + this.#reading.size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get reading(): number {
    return this.#reading.size;
  }

  /** What `next` would give. */
  get front(): UploadRequest | undefined {
    return this.#pieces[0]?.requests[0];
  }

  /** False when the queue is full. */
  push(request: UploadRequest): boolean {
    if (this.size >= this.#limit) return false;
    const { content, piece } = request;
    const same = this.#pieces.find((one) => one.piece === piece && one.content === content);
    if (same) same.requests.push(request);
    else this.#pieces.push({ content, piece, requests: [request] });
    this.#waiting++;
    return true;
  }

  /**
   * Brings the rarest piece to the front and returns how many peers have it; undefined when nothing waits. A piece that
   * was begun stays in front: only a whole one is of use to others.
   */
  rarest(availability: Availability): number | undefined {
    const [front] = this.#pieces;
    if (!front) return undefined;
    let best = availability(front.content, front.piece);
    if (front === this.#begun) return best;
    let at = 0;
    for (let i = 1; i < this.#pieces.length && best > 0; i++) {
      const { content, piece } = this.#pieces[i] as PieceRequests;
      const count = availability(content, piece);
      if (count >= best) continue;
      best = count;
      at = i;
    }
    if (at > 0) this.#pieces.unshift(...this.#pieces.splice(at, 1));
    return best;
  }

  /** The next request to read from the store. */
  next(): UploadRequest | undefined {
    const [front] = this.#pieces;
    const request = front?.requests.shift();
    if (!front || !request) return undefined;
    this.#begun = front;
    this.#waiting--;
    this.#reading.set(request.request, request);
    if (front.requests.length === 0) this.#pieces.shift();
    return request;
  }

  /** Drops the requests of pieces that were not begun and came before this time, and returns them. */
  shed(before: number): UploadRequest[] {
    const old = this.#pieces
      .filter((one) => one !== this.#begun)
      .flatMap(({ requests }) => requests.filter(({ at }) => at < before));
    if (old.length > 0) this.#keep((request) => !old.includes(request));
    return old;
  }

  /** The read is over; undefined when the peer cancelled it meanwhile. */
  read(request: number): UploadRequest | undefined {
    const found = this.#reading.get(request);
    this.#reading.delete(request);
    return found;
  }

  cancel(request: number): void {
    this.#keep((waiting) => waiting.request !== request);
    this.#reading.delete(request);
  }

  /** The content is no longer held; the peer is told so, and expects nothing more. */
  drop(content: ContentId): void {
    this.#keep((waiting) => waiting.content !== content);
    for (const [request, reading] of this.#reading) {
      if (reading.content === content) this.#reading.delete(request);
    }
  }

  /** Empties the queue and returns what was in it. */
  drain(): UploadRequest[] {
    const all = [...this.#reading.values(), ...this.#pieces.flatMap(({ requests }) => requests)];
    this.#reading.clear();
    this.#pieces = [];
    this.#waiting = 0;
    return all;
  }

  #keep(kept: (request: UploadRequest) => boolean): void {
    this.#waiting = 0;
    for (const one of this.#pieces) {
      one.requests = one.requests.filter(kept);
      this.#waiting += one.requests.length;
    }
    this.#pieces = this.#pieces.filter(({ requests }) => requests.length > 0);
  }
}
