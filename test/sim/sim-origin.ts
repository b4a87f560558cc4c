import { KIB } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import type { Effect, OriginFetchId } from "#sdk/engine/io.ts";
import type { EventQueue } from "./event-queue.ts";
import { Flow, Line } from "./line.ts";
import type { SimContent } from "./sim-content.ts";
import type { SimHost } from "./sim-host.ts";

export interface OriginOptions {
  readonly upBytesPerSecond: number;
  readonly latencyMs: number;
  /** False: it answers every range with the whole resource. */
  readonly ranges: boolean;
  /** Bytes that one answer has on the way at once, as TCP's window. */
  readonly flowWindowBytes: number;
  /** It answers 503 in these times, [from, to) ms. */
  readonly outages: readonly (readonly [number, number])[];
  /** Its bytes are not those of the manifest. */
  readonly changed: boolean;
}

export const ORIGIN_DEFAULTS: OriginOptions = {
  upBytesPerSecond: 125_000_000,
  latencyMs: 20,
  ranges: true,
  flowWindowBytes: 128 * KIB,
  outages: [],
  changed: false,
};

type Fetch = Extract<Effect, { type: "fetch-origin" }>;

/** As the browser's adapter: so many tries before it gives up, ever longer apart. */
const TRIES = 3;
const RETRY_MS = 300;
const SEGMENT_BYTES = 64 * KIB;

/** The HTTP server that owns the bytes, together with the adapter that asks it. */
export class SimOrigin {
  readonly options: OriginOptions;
  readonly #queue: EventQueue;
  readonly #line: Line;
  readonly #running = new Map<string, Flow>();
  requests = 0;
  /** Bytes that left it, wanted or not. */
  bytes = 0;

  constructor(queue: EventQueue, options: OriginOptions) {
    this.options = options;
    this.#queue = queue;
    this.#line = new Line(queue, { ...options, downBytesPerSecond: Number.POSITIVE_INFINITY });
  }

  start(host: SimHost, content: SimContent, fetch: Fetch): void {
    const flow = new Flow(host.line);
    this.#running.set(key(host, fetch.fetch), flow);
    this.#try({ host, content, fetch, flow }, 1);
  }

  cancel(host: SimHost, fetch: OriginFetchId): void {
    const flow = this.#running.get(key(host, fetch));
    if (flow) flow.closed = true;
    this.#running.delete(key(host, fetch));
  }

  #try(run: Run, attempt: number): void {
    const { host, fetch, flow } = run;
    const roundTripMs = 2 * (this.options.latencyMs + host.line.options.latencyMs);
    this.#queue.after(roundTripMs, () => {
      if (flow.closed) return;
      this.requests++;
      if (!this.#out()) return this.#answer(run);
      if (attempt < TRIES)
        return this.#queue.after(RETRY_MS * 2 ** attempt, () => this.#try(run, attempt + 1));
      this.#running.delete(key(host, fetch.fetch));
      const error = new RivuletError("origin-failed", "The origin answered 503.");
      host.input({ type: "origin-failed", fetch: fetch.fetch, failure: { kind: "unreachable", error } });
    });
  }

  #out(): boolean {
    return this.options.outages.some(([from, to]) => this.#queue.now >= from && this.#queue.now < to);
  }

  #answer({ host, content, fetch, flow }: Run): void {
    const { geometry } = content;
    let { first, count } = fetch;
    if (!this.options.ranges || fetch.whole) {
      if (!fetch.whole) host.input({ type: "origin-whole", fetch: fetch.fetch });
      ({ first, count } = geometry.piecesOf(fetch.resource));
    }
    let piece = first;
    let offset = 0;
    let underWay = 0;
    const fill = (): void => {
      while (piece < first + count && underWay < this.options.flowWindowBytes && !flow.closed) {
        const { length } = geometry.place(piece);
        const bytes = Math.min(SEGMENT_BYTES, length - offset);
        const ended = offset + bytes === length;
        const [done, last] = [ended ? piece : undefined, ended && piece === first + count - 1];
        underWay += bytes;
        this.#line.send(flow, {
          bytes,
          sent: () => {
            this.bytes += bytes;
          },
          arrived: () => {
            underWay -= bytes;
            if (flow.closed || host.gone) return;
            host.originBytes += bytes;
            if (done !== undefined) this.#piece(host, { content, fetch, piece: done });
            if (last) {
              this.#running.delete(key(host, fetch.fetch));
              host.input({ type: "origin-done", fetch: fetch.fetch });
            }
            fill();
          },
        });
        offset = ended ? 0 : offset + bytes;
        if (ended) piece++;
      }
    };
    fill();
  }

  #piece(
    host: SimHost,
    { content, fetch, piece }: { content: SimContent; fetch: Fetch; piece: number },
  ): void {
    const good = !this.options.changed;
    const byteLength = content.geometry.place(piece).length;
    const data = { byteLength, content: content.content, piece, offset: 0, good };
    host.input({ type: "origin-piece", fetch: fetch.fetch, piece, data });
  }
}

interface Run {
  readonly host: SimHost;
  readonly content: SimContent;
  readonly fetch: Fetch;
  readonly flow: Flow;
}

function key(host: SimHost, fetch: OriginFetchId): string {
  return `${host.peer} ${fetch}`;
}
