/** One request as the origin saw it. */
export interface LoggedRequest {
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  /** The Range header, if there was one. */
  readonly range: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** 0 until it is answered, and when the connection was cut instead. */
  status: number;
  /** Length of the whole file, whatever part of it was asked for. */
  sizeBytes: number;
  /** Bytes of the body that were handed to the network so far. */
  bytes: number;
  /** True once the answer was sent in full. */
  finished: boolean;
  /** True once the answer was sent or the client is gone: the numbers stand. */
  closed: boolean;
}

/** The newest requests are listed one by one; the sums cover all since the last reset. */
const MAX_LISTED = 10_000;

/** What left the origin: the witness of what the peers saved it. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #bytes = new Map<string, number>();
  #sizes = new Map<string, number>();

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length > MAX_LISTED) this.#requests.shift();
  }

  /** Bytes of a body went out. */
  sent(request: LoggedRequest, bytes: number): void {
    request.bytes += bytes;
    this.#bytes.set(request.path, (this.#bytes.get(request.path) ?? 0) + bytes);
    this.#sizes.set(request.path, request.sizeBytes);
  }

  /** The requests for a path, or all of them, oldest first. */
  requests(path?: string): readonly LoggedRequest[] {
    return path === undefined
      ? [...this.#requests]
      : this.#requests.filter((request) => request.path === path);
  }

  /** Body bytes that went out for a path, or for all of them. */
  bytes(path?: string): number {
    if (path !== undefined) return this.#bytes.get(path) ?? 0;
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  /** How many times over the file went out: 1.5 is one and a half copies. */
  copies(path: string): number {
    return this.bytes(path) / (this.#sizes.get(path) || 1);
  }

  /** Forgets everything; requests under way go on counting from here. */
  reset(): void {
    this.#requests = [];
    this.#bytes.clear();
    this.#sizes.clear();
  }
}
