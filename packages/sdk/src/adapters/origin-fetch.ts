import { RivuletError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import { second } from "../base/time.ts";
import type { AbortSignalLike, Origin } from "../engine/ports.ts";
import { Delivery, type OriginRequest } from "./origin-fetch-delivery.ts";
import { KnownResources } from "./origin-fetch-identity.ts";
import { type Broken, broken, type Good, judge } from "./origin-fetch-judge.ts";
import { sleepUnlessAborted, Watch } from "./origin-fetch-watch.ts";

export interface FetchOriginOptions {
  /** The page's own fetch unless given: it is taken when this is made, before anything on the page is patched. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** How often a failed request is repeated before it is given up. */
  readonly retries?: number;
  /** Wait before the first repetition, ms; it doubles each time. Up to half of it is taken off at random. */
  readonly backoffMs?: number;
  /** The longest such wait, ms. */
  readonly backoffMaxMs?: number;
  /** The longest wait that a server may ask for with Retry-After, ms. */
  readonly retryAfterMaxMs?: number;
  /** How long the answer's head may take, ms. */
  readonly responseTimeoutMs?: number;
  /** How long the body may go without a byte, ms. */
  readonly stallTimeoutMs?: number;
  readonly random: Random;
  /** Milliseconds since 1970, to read a Retry-After date by. */
  readonly now?: () => number;
  /** Waits; returns early when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignalLike) => Promise<void>;
}

const DEFAULTS = {
  retries: 4,
  backoffMs: second / 4,
  backoffMaxMs: 8 * second,
  retryAfterMaxMs: 30 * second,
  responseTimeoutMs: 15 * second,
  stallTimeoutMs: 10 * second,
  now: () => Date.now(),
  sleep: sleepUnlessAborted,
};

type Outcome =
  | { readonly kind: "done" }
  /** This answer is used up, or of no use; another ask brings the rest. */
  | { readonly kind: "more" }
  | Broken;

/** Fetches from the origin with the browser's own fetch. */
export class FetchOrigin implements Origin {
  readonly #options: Required<FetchOriginOptions>;
  readonly #known = new KnownResources();

  constructor(given: FetchOriginOptions) {
    this.#options = { fetch: globalThis.fetch.bind(globalThis), ...DEFAULTS, ...given };
  }

  async fetch(request: OriginRequest): Promise<void> {
    const { url, start, end, signal } = request;
    if (end !== undefined && end <= start) return request.onAnswer({ kind: "range" });
    const delivery = new Delivery(request);
    for (let failures = 0; ; ) {
      if (signal.aborted) throw new RivuletError("aborted", `The fetch of ${url} was aborted.`);
      const outcome = await this.#ask(request, delivery);
      if (outcome.kind === "done") return;
      if (outcome.kind === "more" || signal.aborted) continue;
      if (failures === this.#options.retries) throw outcome.error;
      await this.#options.sleep(this.#waitMs(failures, outcome.retryAfterMs ?? 0), signal);
      failures++;
    }
  }

  async #ask(request: OriginRequest, delivery: Delivery): Promise<Outcome> {
    const { url } = request;
    const { responseTimeoutMs, stallTimeoutMs } = this.#options;
    const range = this.#known.mayAskRanges(url) ? delivery.rangeHeader : undefined;
    const watch = new Watch(request.signal);
    try {
      const init = requestInit(range, watch.signal);
      const response = await watch
        .step(responseTimeoutMs, "the answer", () => this.#options.fetch(url, init))
        .catch((cause: unknown) => broken(url, cause));
      if ("kind" in response) return response;
      const verdict = judge(response, {
        request,
        delivery,
        known: this.#known,
        askedRange: range !== undefined,
        now: this.#options.now(),
      });
      if (verdict.kind !== "good") return verdict;
      delivery.begin(verdict.answer);
      const reader = response.body?.getReader();
      for (;;) {
        const read = await watch
          .step(stallTimeoutMs, "the next byte", async () => reader?.read())
          .catch((cause: unknown) => broken(url, cause));
        if (read && "kind" in read) return read;
        if (!read?.value) break;
        // The bytes may have come together with the caller's abort.
        if (request.signal.aborted) return { kind: "more" };
        if (delivery.take(read.value)) return { kind: "done" };
      }
      return atEndOfBody(url, delivery, verdict);
    } finally {
      watch.close();
    }
  }

  #waitMs(failures: number, retryAfterMs: number): number {
    const { backoffMs, backoffMaxMs, retryAfterMaxMs, random } = this.#options;
    const half = Math.min(backoffMaxMs, backoffMs * 2 ** failures) / 2;
    // Chance comes on top of what the server asked for too: all its clients were told the same moment.
    return Math.max(half, Math.min(retryAfterMs, retryAfterMaxMs)) + half * random.next();
  }
}

/** A body that ended cleanly brought everything, or as much as its head promised, or was cut short on its way. */
function atEndOfBody(url: string, delivery: Delivery, promised: Good): Outcome {
  const due = promised.endsAt ?? delivery.end;
  if (due !== undefined && delivery.reached < due) {
    return broken(url, `its answer ended at byte ${delivery.reached} of ${due}`);
  }
  const goal = delivery.end ?? promised.totalBytes;
  return { kind: goal === undefined || delivery.position >= goal ? "done" : "more" };
}

function requestInit(range: string | undefined, signal: AbortSignal): RequestInit {
  const init: RequestInit = { mode: "cors", credentials: "same-origin", signal };
  // The mode tells a Service Worker of ours that this is the engine's own request; it asks for no more than was stale.
  if (range === undefined) return { ...init, cache: "no-cache" };
  // No If-Range: it is not a safelisted header, so other sites' servers would be asked for permission first, a round trip
  // each. A resource that changed is noticed by its ETag or its length instead.
  // Not through the HTTP cache: Chromium lets the ranges of one URL through it one by one (five of 1 MB, 200 ms away, took
  // 1070 ms rather than 243), and pieces are kept by the piece store already.
  return { ...init, headers: { Range: range }, cache: "no-store" };
}
