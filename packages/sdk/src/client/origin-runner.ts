import { RivuletError, staleManifest } from "../base/errors.ts";
import { isPassingStatus } from "../base/http-status.ts";
import type { Effect, Input, OriginFetchId } from "../engine/io.ts";
import type { Origin } from "../engine/ports.ts";
import type { Catalog } from "./catalog.ts";
import type { LineMeter } from "./line-meter.ts";
import { PieceCutter } from "./piece-cutter.ts";

type FetchOrigin = Extract<Effect, { type: "fetch-origin" }>;

/** Performs the engine's origin fetches: streams each answer in, cut into pieces. */
export class OriginRunner {
  readonly #origin: Origin;
  readonly #catalog: Catalog;
  readonly #input: (input: Input) => void;
  readonly #meter: LineMeter;
  readonly #now: () => number;
  readonly #running = new Map<OriginFetchId, AbortController>();

  constructor(parts: {
    readonly origin: Origin;
    readonly catalog: Catalog;
    readonly input: (input: Input) => void;
    readonly meter: LineMeter;
    readonly now: () => number;
  }) {
    this.#meter = parts.meter;
    this.#now = parts.now;
    this.#origin = parts.origin;
    this.#catalog = parts.catalog;
    this.#input = parts.input;
  }

  start(effect: FetchOrigin): void {
    const abort = new AbortController();
    this.#running.set(effect.fetch, abort);
    void this.#run(effect, abort.signal).finally(() => this.#running.delete(effect.fetch));
  }

  cancel(fetch: OriginFetchId): void {
    this.#running.get(fetch)?.abort();
    this.#running.delete(fetch);
  }

  close(): void {
    for (const fetch of [...this.#running.keys()]) this.cancel(fetch);
  }

  async #run({ fetch, resource, first, count, whole }: FetchOrigin, signal: AbortSignal): Promise<void> {
    const { geometry } = this.#catalog;
    const askedAt = this.#now();
    let answered = false;
    const last = geometry.place(first + count - 1);
    const cutter = new PieceCutter(geometry, { first, count }, (piece, data) => {
      if (!signal.aborted) this.#input({ type: "origin-piece", fetch, piece, data });
    });
    try {
      await this.#origin.fetch({
        url: this.#catalog.url(resource),
        start: geometry.place(first).offset,
        end: whole ? undefined : last.offset + last.length,
        signal,
        onAnswer: ({ kind }) => {
          answered = true;
          this.#meter.originAnswered(askedAt);
          if (kind !== "whole" || whole) return;
          cutter.restart(geometry.piecesOf(resource));
          this.#input({ type: "origin-whole", fetch });
        },
        onBytes: (bytes) => {
          this.#meter.originSent(bytes.byteLength);
          cutter.push(bytes);
        },
      });
      if (signal.aborted) return;
      if (!cutter.done) {
        const { path } = this.#catalog.resource(resource);
        throw staleManifest(path, "it is shorter");
      }
      this.#input({ type: "origin-done", fetch });
    } catch (error) {
      if (!signal.aborted) this.#input({ type: "origin-failed", fetch, failure: failureOf(error) });
    } finally {
      if (answered) this.#meter.originEnded();
    }
  }
}

function failureOf(cause: unknown): Extract<Input, { type: "origin-failed" }>["failure"] {
  const error =
    cause instanceof RivuletError ? cause : new RivuletError("origin-failed", `${cause}`, { cause });
  if (error.code === "stale-manifest") return { kind: "changed", error };
  const { cause: status } = error;
  const final = typeof status === "number" && status >= 400 && !isPassingStatus(status);
  return { kind: final ? "missing" : "unreachable", error };
}
