import type {
  FragmentLoaderContext,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderStats,
} from "hls.js";
import { RivuletError } from "../base/errors.ts";
import { loaderError, nothingLoaded } from "./hls-loader-report.ts";
import { bodyOf, lengthOf, ownCopy } from "./response-body.ts";
import { dueInMs, loadTimes, type PlayingMedia } from "./segment-clock.ts";
import type { SegmentSource } from "./segment-source.ts";

type Callbacks = LoaderCallbacks<FragmentLoaderContext>;

interface Loading {
  readonly name: "loading";
  readonly context: FragmentLoaderContext;
  readonly config: LoaderConfiguration;
  readonly callbacks: Callbacks;
  readonly cancel: AbortController;
  /** Until then the player is told of no progress: to wait for peers is no sign of a slow line. */
  readonly earnestAt: number;
  /** When the load began, and when its first byte came; 0 before that. */
  readonly startedAt: number;
  firstAt: number;
  loaded: number;
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
  readonly stats: LoaderStats = nothingLoaded();
  readonly #source: SegmentSource;
  readonly #media: () => PlayingMedia | null | undefined;
  #state: State = { name: "unused" };

  /** `media` tells where playback is; nothing when that is not known, and every segment is then due at once. */
  constructor(source: SegmentSource, media: () => PlayingMedia | null | undefined) {
    this.#source = source;
    this.#media = media;
  }

  load(context: FragmentLoaderContext, config: LoaderConfiguration, callbacks: Callbacks): void {
    if (this.#state.name !== "unused")
      throw new RivuletError("bad-option", "A loader can only be used once.");
    const startedAt = performance.now();
    this.stats.loading.start = startedAt;
    const { maxTimeToFirstByteMs, maxLoadTimeMs } = config.loadPolicy;
    const firstByteMs = Number.isFinite(maxTimeToFirstByteMs) && maxTimeToFirstByteMs;
    const dueMs = context.part ? 0 : dueInMs(this.#media(), context.frag?.start ?? 0);
    const loading: Loading = {
      name: "loading",
      context,
      config,
      callbacks,
      cancel: new AbortController(),
      earnestAt: startedAt + dueMs / 2,
      startedAt,
      firstAt: 0,
      loaded: 0,
      timer: setTimeout(() => this.#timeOut(loading), firstByteMs || maxLoadTimeMs),
      response: null,
    };
    this.context = context;
    this.#state = loading;
    this.#run(loading, dueMs).catch((error: unknown) => this.#fail(loading, error));
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

  async #run(loading: Loading, dueMs: number): Promise<void> {
    const { context, callbacks, cancel, config } = loading;
    const headers = new Headers(context.headers);
    if (context.rangeEnd) headers.set("Range", `bytes=${context.rangeStart ?? 0}-${context.rangeEnd - 1}`);
    // A part of a segment at the live edge is as the origin has it: no manifest lists it, and none is looked at for it.
    const playback = context.part ? {} : { playback: { dueInMs: dueMs } };
    const init = { headers, signal: cancel.signal, ...playback };
    const response = await this.#source.fetch(context.url, init);
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
      this.#came(loading, part.byteLength);
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
    this.#end(loading);
    const data = ownCopy(held);
    if (inSteps && heldBytes > 0) onProgress(this.stats, context, data, response);
    else if (!inSteps) onProgress?.(this.stats, context, data.slice(0), response);
    const rest = inSteps ? new ArrayBuffer(0) : data;
    const url = response.url || context.url;
    callbacks.onSuccess({ url, data: rest, code: response.status }, this.stats, context, response);
  }

  /** Bytes of the body, not its head: only then is the segment really on its way. */
  #came(loading: Loading, bytes: number): void {
    const now = performance.now();
    loading.loaded += bytes;
    if (loading.firstAt === 0) {
      loading.firstAt = now;
      clearTimeout(loading.timer);
      const leftMs = loading.config.loadPolicy.maxLoadTimeMs - (now - loading.startedAt);
      loading.timer = setTimeout(() => this.#timeOut(loading), Math.max(0, leftMs));
    }
    if (now < loading.earnestAt) return;
    this.stats.loaded = loading.loaded;
    if (this.stats.loading.first > 0) return;
    this.stats.loading.start = loading.earnestAt;
    this.stats.loading.first = now;
  }

  #timeOut(loading: Loading): void {
    if (this.#state !== loading) return;
    this.#stop(loading);
    loading.callbacks.onTimeout(this.stats, loading.context, loading.response);
  }

  #fail(loading: Loading, error: unknown): void {
    if (this.#state !== loading) return;
    this.#end(loading);
    loading.callbacks.onError(loaderError(error), loading.context, loading.response, this.stats);
  }

  #stop(loading: Loading): void {
    this.stats.aborted = true;
    clearTimeout(loading.timer);
    this.#state = { name: "over", response: loading.response };
    loading.cancel.abort();
  }

  #end(loading: Loading): void {
    clearTimeout(loading.timer);
    const { startedAt, firstAt, loaded, response } = loading;
    const end = performance.now();
    const real = { start: startedAt, first: firstAt || end, end };
    Object.assign(this.stats.loading, loadTimes(real, loaded, this.#source.line));
    this.stats.loaded = loaded;
    this.stats.total = loaded;
    this.#state = { name: "over", response };
  }
}
