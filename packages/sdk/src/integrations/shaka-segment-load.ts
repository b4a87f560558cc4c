import { bodyOf, lengthOf, ownCopy } from "./response-body.ts";
import { loadTimes } from "./segment-clock.ts";
import type { SegmentSource } from "./segment-source.ts";
import type { ShakaOperation, ShakaPlugin, ShakaRequest, ShakaResponse } from "./shaka-api.ts";
import type { ShakaFaults } from "./shaka-faults.ts";

/** What is to be loaded, and who is to be told of it. */
export interface ShakaOrder {
  readonly source: SegmentSource;
  readonly uri: string;
  readonly request: ShakaRequest;
  readonly faults: ShakaFaults;
  /** When playback needs the first byte, ms from now. */
  readonly dueMs: number;
  /** Progress is told in steps of no fewer bytes. */
  readonly leastStepBytes: number;
  readonly progressUpdated: Parameters<ShakaPlugin>[3];
  readonly headersReceived: Parameters<ShakaPlugin>[4];
}

type State =
  | {
      readonly name: "loading";
      readonly resolve: (response: ShakaResponse | Promise<ShakaResponse>) => void;
      readonly reject: (fault: Error) => void;
    }
  | { readonly name: "handed over"; readonly to: ShakaOperation }
  | { readonly name: "over" };

/** Progress is told in steps of more than this, ms, as Shaka's own plugins do. */
const STEP_MS = 100;

/** One attempt to load a segment for Shaka Player through Rivulet. */
export class ShakaSegmentLoad implements ShakaOperation {
  readonly promise: Promise<ShakaResponse>;
  readonly #order: ShakaOrder;
  readonly #cancel = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #state: State = { name: "over" };
  #isStreamed = false;
  #stepAt = performance.now();
  #stepBytes = 0;
  #toldSteps = 0;
  #timeMs = 0;

  constructor(order: ShakaOrder) {
    this.#order = order;
    const { timeout } = order.request.retryParameters;
    if (timeout) this.#timer = setTimeout(() => this.#stop(order.faults.timedOut()), timeout);
    this.promise = new Promise((resolve, reject) => {
      this.#state = { name: "loading", resolve, reject };
      this.#run().then(
        (response) => response && this.#end({ name: "over" })?.resolve(response),
        (cause: unknown) => this.#stop(order.faults.failed(cause)),
      );
    });
  }

  abort(): Promise<void> {
    if (this.#state.name === "handed over") return this.#state.to.abort();
    this.#stop(this.#order.faults.aborted());
    return Promise.resolve();
  }

  finally(onFinal: (succeeded: boolean) => unknown): this {
    this.promise.then(
      () => onFinal(true),
      () => onFinal(false),
    );
    return this;
  }

  /** Somebody else loads it now. Where the player has a part of it already, only a new attempt can. */
  handOver(load: () => ShakaOperation): void {
    if (this.#isOver()) return;
    if (this.#isStreamed) return this.#stop(this.#order.faults.failed("Rivulet was detached."));
    const to = load();
    this.#end({ name: "handed over", to })?.resolve(to.promise);
    this.#cancel.abort();
  }

  /** Undefined when it was ended meanwhile. */
  async #run(): Promise<ShakaResponse | undefined> {
    const { source, uri, request, faults, dueMs } = this.#order;
    const response = await source.fetch(uri, {
      headers: request.headers,
      credentials: request.allowCrossSiteCredentials ? "include" : "same-origin",
      signal: this.#cancel.signal,
      playback: { dueInMs: dueMs },
    });
    if (this.#isOver()) return undefined;
    const headers = Object.fromEntries(response.headers);
    this.#order.headersReceived(headers);
    const succeeded = isSuccess(response.status);
    const parts: Uint8Array[] = [];
    let leftBytes = lengthOf(response);
    for await (const part of bodyOf(response)) {
      if (this.#isOver()) return undefined;
      parts.push(part);
      // The page that says what went wrong is no media, and says nothing about the line.
      if (!succeeded) continue;
      this.#isStreamed = request.streamDataCallback !== null;
      await request.streamDataCallback?.(ownCopy([part]));
      if (this.#isOver()) return undefined;
      leftBytes -= part.byteLength;
      this.#came(part.byteLength, leftBytes);
    }
    if (this.#isOver()) return undefined;
    const data = ownCopy(parts);
    if (!succeeded) {
      this.#stop(faults.badStatus(response, new TextDecoder().decode(data), headers));
      return undefined;
    }
    this.#tell(0);
    return {
      uri: response.url || uri,
      originalUri: uri,
      data,
      status: response.status,
      headers,
      timeMs: this.#timeMs,
      fromCache: Boolean(headers["x-shaka-from-cache"]),
      originalRequest: request,
    };
  }

  #came(bytes: number, leftBytes: number): void {
    this.#stepBytes += bytes;
    const isStep = performance.now() - this.#stepAt > STEP_MS;
    if (isStep && this.#stepBytes >= this.#order.leastStepBytes) this.#tell(leftBytes);
  }

  /** Shaka adds up the steps: the first has the wait for the first byte, all have what the line takes for their bytes. */
  #tell(leftBytes: number): void {
    const now = performance.now();
    const real = { start: this.#stepAt, first: this.#stepAt, end: now };
    const { start, first, end } = loadTimes(real, this.#stepBytes, this.#order.source.line);
    const ms = end - (this.#toldSteps === 0 ? start : first);
    const bytes = this.#stepBytes;
    this.#toldSteps++;
    this.#timeMs += ms;
    this.#stepAt = now;
    this.#stepBytes = 0;
    this.#order.progressUpdated(ms, bytes, leftBytes);
  }

  #isOver(): boolean {
    return this.#state.name !== "loading";
  }

  /** What it was that ended here; undefined when it had ended already. */
  #end(next: Exclude<State, { readonly name: "loading" }>) {
    const state = this.#state;
    if (state.name !== "loading") return undefined;
    this.#state = next;
    clearTimeout(this.#timer);
    return state;
  }

  #stop(fault: Error): void {
    this.#end({ name: "over" })?.reject(fault);
    this.#cancel.abort();
  }
}

/** As Shaka sees it: 202 is "not yet", and 304 has a body that the browser kept. */
function isSuccess(status: number): boolean {
  return (status >= 200 && status <= 299 && status !== 202) || status === 304;
}
