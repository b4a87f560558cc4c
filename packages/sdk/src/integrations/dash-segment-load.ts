import type { DashProgress, DashRequest, DashResponse } from "./dash-api.ts";
import { bodyOf, lengthOf, ownCopy } from "./response-body.ts";
import { type LoadTimes, loadTimes } from "./segment-clock.ts";
import type { SegmentSource } from "./segment-source.ts";

/** What is to be loaded, and who is to be told of it. */
export interface DashOrder {
  readonly source: SegmentSource;
  readonly request: DashRequest;
  readonly response: DashResponse;
  /** When playback needs the first byte, ms from now. */
  readonly dueMs: number;
  /** Called once, when it is over in whatever way. */
  readonly onOver: (load: DashSegmentLoad) => void;
}

/** Progress is told in steps of at least this, ms, as an XMLHttpRequest does. */
const STEP_MS = 50;

/** One attempt to load a segment for dash.js through Rivulet, told of as an XMLHttpRequest would be. */
export class DashSegmentLoad {
  readonly request: DashRequest;
  readonly #order: DashOrder;
  readonly #cancel = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #startedAt = performance.now();
  #firstAt = 0;
  #stepAt = this.#startedAt;
  #loaded = 0;
  #told = 0;
  #total = 0;
  #isOver = false;

  constructor(order: DashOrder) {
    this.#order = order;
    const { request } = order;
    this.request = request;
    request.customData.abort = () => this.abort();
    if (request.timeout > 0) this.#timer = setTimeout(() => this.#timeOut(), request.timeout);
    // The status stays 0, as when the network failed, and dash.js asks again.
    this.#run().catch(() => this.#end(request.customData.onloadend));
  }

  abort(): void {
    this.#stop(this.request.customData.onabort);
  }

  /** Ends it without a word: somebody else loads it now. */
  drop(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#cancel.abort();
  }

  #timeOut(): void {
    const { ontimeout, onloadend } = this.request.customData;
    const progress = this.#progress(0);
    this.#stop(() => {
      ontimeout?.(progress);
      onloadend?.();
    });
  }

  async #run(): Promise<void> {
    const { request, response: answer, source, dueMs } = this.#order;
    const response = await source.fetch(request.url, {
      headers: setHeaders(request),
      credentials: request.credentials === "include" ? "include" : "same-origin",
      signal: this.#cancel.signal,
      playback: { dueInMs: dueMs },
    });
    this.#total = lengthOf(response);
    const parts: Uint8Array[] = [];
    for await (const part of bodyOf(response)) {
      if (this.#isOver) return;
      parts.push(part);
      this.#came(part.byteLength);
    }
    if (this.#isOver) return;
    this.#total = this.#loaded;
    if (this.#told < this.#loaded) this.#tell();
    if (this.#isOver) return;
    answer.url = response.url || request.url;
    answer.status = response.status;
    answer.statusText = response.statusText;
    answer.headers = Object.fromEntries(response.headers);
    answer.data = ownCopy(parts);
    this.#end(request.customData.onloadend);
  }

  #came(bytes: number): void {
    const now = performance.now();
    this.#loaded += bytes;
    if (this.#firstAt > 0 && now - this.#stepAt < STEP_MS) return;
    if (this.#firstAt === 0) this.#firstAt = now;
    this.#tell();
  }

  #tell(): void {
    const now = performance.now();
    const real = { start: this.#stepAt, first: this.#stepAt, end: now };
    const { start, first, end } = loadTimes(real, this.#loaded - this.#told, this.#order.source.line);
    // The first step has the wait for the first byte; dash.js leaves it out of the throughput.
    const progress = this.#progress(end - (this.#told === 0 ? start : first));
    this.#stepAt = now;
    this.#told = this.#loaded;
    this.request.customData.onprogress?.(progress);
  }

  #progress(time: number): DashProgress {
    const total = this.#total;
    return { loaded: this.#loaded, total, lengthComputable: total > 0, time };
  }

  #stop(tell: (() => void) | undefined): void {
    this.#end(tell);
    this.#cancel.abort();
  }

  #end(tell: (() => void) | undefined): void {
    if (this.#isOver) return;
    this.#leave();
    const end = performance.now();
    tell?.();
    this.#putTimes({ start: this.#startedAt, first: this.#firstAt || end, end });
  }

  #leave(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#order.onOver(this);
  }

  /**
   * dash.js has noted its own times by now, and reads them later. What it may have found in the browser's Resource Timing
   * is one of Rivulet's requests for a part of the file.
   */
  #putTimes(real: LoadTimes): void {
    const { source, response } = this.#order;
    const { line } = source;
    const { start, first, end } = loadTimes(real, this.#loaded, line);
    const timing = {
      startTime: start,
      responseStart: first,
      responseEnd: end,
      duration: end - start,
      encodedBodySize: this.#loaded,
    };
    Object.assign(response.resourceTiming, timing);
    const fragment = this.request.customData.request;
    if (!fragment) return;
    // Without a line dash.js judges by the real times, and takes what came at once for cached.
    fragment.resourceTimingValues = line && {
      ...timing,
      transferSize: this.#loaded,
      decodedBodySize: this.#loaded,
    };
    if (!line) return;
    const epoch = Date.now() - performance.now();
    fragment.startDate = new Date(epoch + start);
    fragment.firstByteDate = new Date(epoch + first);
  }
}

/** dash.js leaves out headers without a value. */
function setHeaders({ headers = {} }: DashRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
}
