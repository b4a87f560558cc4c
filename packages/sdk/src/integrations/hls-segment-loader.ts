import type {
  FragmentLoaderContext,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderStats,
} from "hls.js";
import { type ErrorCode, RivuletError } from "../base/errors.ts";
import { bodyOf, lengthOf, ownCopy } from "./response-body.ts";

/** What the loader needs of a Rivulet: its `fetch`. */
export interface SegmentSource {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

type Callbacks = LoaderCallbacks<FragmentLoaderContext>;

interface Loading {
  readonly name: "loading";
  readonly context: FragmentLoaderContext;
  readonly config: LoaderConfiguration;
  readonly callbacks: Callbacks;
  readonly cancel: AbortController;
  timer: ReturnType<typeof setTimeout>;
  response: Response | null;
}
type State =
  | { readonly name: "unused" }
  | Loading
  | { readonly name: "over"; readonly response: Response | null };

/**
 * Loads one segment for hls.js. It does not retry: hls.js does, by its own `fragLoadPolicy`, and would otherwise retry
 * the retries.
 */
export class SegmentLoader implements Loader<FragmentLoaderContext> {
  context: FragmentLoaderContext | null = null;
  readonly stats: LoaderStats = {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
  readonly #source: SegmentSource;
  #state: State = { name: "unused" };

  constructor(source: SegmentSource) {
    this.#source = source;
  }

  load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: Callbacks): void {
    if (this.#state.name !== "unused")
      throw new RivuletError("bad-option", "A loader can only be used once.");
    this.stats.loading.start = performance.now();
    const { maxTimeToFirstByteMs, maxLoadTimeMs } = config.loadPolicy;
    const firstByteMs = Number.isFinite(maxTimeToFirstByteMs) && maxTimeToFirstByteMs;
    const loading: Loading = {
      name: "loading",
      context,
      config,
      callbacks,
      cancel: new AbortController(),
      timer: setTimeout(() => this.#timeOut(loading), firstByteMs || maxLoadTimeMs),
      response: null,
    };
    this.context = context;
    this.#state = loading;
    this.#run(loading).catch((error: unknown) => this.#fail(loading, error));
  }

  abort(): void {
    const state = this.#state;
    if (state.name !== "loading") return;
    this.#stop(state);
    state.callbacks.onAbort?.(this.stats, state.context, state.response);
  }

  destroy(): void {
    if (this.#state.name === "loading") this.#stop(this.#state);
    this.#state = { name: "over", response: null };
    this.context = null;
  }

  getCacheAge(): number | null {
    const age = this.getResponseHeader("age");
    return age === null ? null : Number.parseFloat(age);
  }

  getResponseHeader(name: string): string | null {
    return this.#state.name === "unused" ? null : (this.#state.response?.headers.get(name) ?? null);
  }

  async #run(loading: Loading): Promise<void> {
    const { context, callbacks, cancel, config } = loading;
    const headers = new Headers(context.headers);
    if (context.rangeEnd) headers.set("Range", `bytes=${context.rangeStart ?? 0}-${context.rangeEnd - 1}`);
    const response = await this.#source.fetch(context.url, { headers, signal: cancel.signal });
    if (this.#state !== loading) return;
    loading.response = response;
    if (!response.ok) {
      this.#end(loading);
      const text = response.statusText || `The origin answered ${response.status}.`;
      callbacks.onError({ code: response.status, text }, context, response, this.stats);
      await response.body?.cancel();
      return;
    }
    this.stats.total = lengthOf(response);

    const onProgress = callbacks.onProgress;
    const stepBytes = config.highWaterMark ?? Number.POSITIVE_INFINITY;
    const inSteps = onProgress !== undefined && Number.isFinite(stepBytes);
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    for await (const part of bodyOf(response)) {
      if (this.#state !== loading) return;
      if (this.stats.loading.first === 0) this.#firstByte(loading);
      this.stats.loaded += part.byteLength;
      held.push(part);
      heldBytes += part.byteLength;
      if (inSteps && heldBytes >= stepBytes) {
        onProgress(this.stats, context, ownCopy(held), response);
        held = [];
        heldBytes = 0;
        // A listener may have aborted the load.
        if (this.#state !== loading) return;
      }
    }
    if (this.#state !== loading) return;
    if (this.stats.loading.first === 0) this.#firstByte(loading);
    this.#end(loading);
    this.stats.total = this.stats.loaded;
    const data = ownCopy(held);
    if (inSteps && heldBytes > 0) onProgress(this.stats, context, data, response);
    else if (!inSteps) onProgress?.(this.stats, context, data.slice(0), response);
    const rest = inSteps ? new ArrayBuffer(0) : data;
    const url = response.url || context.url;
    callbacks.onSuccess({ url, data: rest, code: response.status }, this.stats, context, response);
  }

  /** The first byte of the body, not the head: only then is the segment really on its way. */
  #firstByte(loading: Loading): void {
    const now = performance.now();
    this.stats.loading.first = now;
    clearTimeout(loading.timer);
    const leftMs = loading.config.loadPolicy.maxLoadTimeMs - (now - this.stats.loading.start);
    loading.timer = setTimeout(() => this.#timeOut(loading), Math.max(0, leftMs));
  }

  #timeOut(loading: Loading): void {
    if (this.#state !== loading) return;
    this.#stop(loading);
    loading.callbacks.onTimeout(this.stats, loading.context, loading.response);
  }

  #fail(loading: Loading, error: unknown): void {
    if (this.#state !== loading) return;
    this.#end(loading);
    const code = error instanceof RivuletError ? (STATUS_OF[error.code] ?? 0) : 0;
    const text = error instanceof Error ? error.message : String(error);
    loading.callbacks.onError({ code, text }, loading.context, loading.response, this.stats);
  }

  #stop(loading: Loading): void {
    this.stats.aborted = true;
    clearTimeout(loading.timer);
    this.#state = { name: "over", response: loading.response };
    loading.cancel.abort();
  }

  #end(loading: Loading): void {
    clearTimeout(loading.timer);
    this.stats.loading.end = performance.now();
    this.#state = { name: "over", response: loading.response };
  }
}

/** hls.js retries by HTTP status: it gives up at 0 and at 4xx, and tries again at 5xx. */
const STATUS_OF: Partial<Record<ErrorCode, number>> = {
  "unknown-resource": 404,
  "range-not-satisfiable": 416,
  "origin-failed": 503,
  "integrity-mismatch": 503,
  "stale-manifest": 503,
};
