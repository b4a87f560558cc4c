import type { TestContext } from "node:test";
import { readRange } from "#sdk/client/range-header.ts";

/** A request that reached the network. */
export interface NetworkRequest {
  readonly url: string;
  readonly range: string | null;
  readonly cache: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** The page is through with the body. */
  cancelled: boolean;
}

const CHUNK_BYTES = 10_000;

/** What `fetch` reaches: an origin with one file. */
export interface FakeNetwork {
  readonly requests: NetworkRequest[];
  bytes: Uint8Array;
  /** Whether ranges are honoured or answered with the whole. */
  ranges: boolean;
  /** Before the head of an answer. */
  delay: Promise<unknown>;
  /** A body breaks off here, bytes from its first. */
  breaksAt: number;
  /** A body waits here, bytes from its first, until `goOn` settles. */
  waitsAt: number;
  goOn: Promise<unknown>;
  /** Instead of all that. */
  answer: (() => Promise<Response>) | undefined;
}

export function fakeNetwork(t: TestContext, bytes: Uint8Array): FakeNetwork {
  const never = Number.POSITIVE_INFINITY;
  const network: FakeNetwork = {
    requests: [],
    bytes,
    ranges: true,
    delay: Promise.resolve(),
    breaksAt: never,
    waitsAt: never,
    goOn: Promise.resolve(),
    answer: undefined,
  };
  t.mock.method(globalThis, "fetch", async (input: string | Request, init: RequestInit = {}) => {
    const asked = typeof input === "string" ? { url: input, headers: new Headers(init.headers) } : input;
    const { cache, signal } = init;
    const range = asked.headers.get("range");
    const request = { url: asked.url, range, cache, signal: signal ?? undefined, cancelled: false };
    network.requests.push(request);
    const aborted = new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason)),
    );
    await Promise.race([network.delay, aborted]);
    return network.answer ? network.answer() : answerOf(network, request);
  });
  return network;
}

function answerOf(network: FakeNetwork, request: NetworkRequest): Response {
  const { bytes, ranges, breaksAt, waitsAt, goOn } = network;
  const found = request.range === null || !ranges ? "ignored" : readRange(request.range, bytes.length);
  if (typeof found === "string" && found === "unsatisfiable") return new Response(null, { status: 416 });
  const { start, end } = typeof found === "string" ? { start: 0, end: bytes.length } : found;
  const headers = new Headers({ "content-length": String(end - start), etag: '"of the origin"' });
  if (typeof found !== "string") headers.set("content-range", `bytes ${start}-${end - 1}/${bytes.length}`);
  let at = start;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (at >= end) return controller.close();
        if (at - start >= breaksAt) return controller.error(new TypeError("The line broke."));
        if (at - start >= waitsAt) await goOn;
        const stop = Math.min(at + CHUNK_BYTES, end, at - start < breaksAt ? start + breaksAt : end);
        controller.enqueue(bytes.slice(at, stop));
        at = stop;
      },
      cancel() {
        request.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: typeof found === "string" ? 200 : 206, headers });
}
