import assert from "node:assert/strict";
import { test } from "node:test";
import type { FragmentLoaderContext, HlsConfig, LoaderConfiguration } from "hls.js";
import { RivuletError } from "#sdk/base/errors.ts";
import { rivuletHls } from "#sdk/integrations/hls.ts";
import type { SegmentSource } from "#sdk/integrations/segment-source.ts";

const PARTS = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5), Uint8Array.of(6)];

/** An answer whose body arrives part by part; the last part waits for `gate`, when there is one. */
function answer(gate: Promise<void> = Promise.resolve(), init: ResponseInit = {}): Response {
  const queue = [...PARTS];
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (queue.length === 1) await gate;
      const part = queue.shift();
      if (part) controller.enqueue(part);
      else controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Length": "6", Age: "12" }, ...init });
}

function contextOf(more: Partial<FragmentLoaderContext> = {}): FragmentLoaderContext {
  return { url: "/segment-00.m4s", responseType: "arraybuffer", ...more } as FragmentLoaderContext;
}

function configOf(more: Partial<LoaderConfiguration> = {}, firstByteMs = 1000, wholeMs = 2000) {
  const loadPolicy = {
    maxTimeToFirstByteMs: firstByteMs,
    maxLoadTimeMs: wholeMs,
    timeoutRetry: null,
    errorRetry: null,
  };
  return { loadPolicy, maxRetry: 0, timeout: 0, retryDelay: 0, maxRetryDelay: 0, ...more };
}

type Outcome = {
  readonly kind: "success" | "error" | "timeout" | "abort";
  readonly data?: unknown;
  readonly code?: number | undefined;
};

/** Loads one segment and tells how it ended, and what progress was told. */
function load(
  fetch: SegmentSource["fetch"],
  { context = contextOf(), config = configOf(), progress = false } = {},
) {
  const loader = new (rivuletHls({ fetch, line: undefined }).fLoader)({} as HlsConfig);
  const steps: ArrayBuffer[] = [];
  const outcomes: Outcome[] = [];
  const ended = new Promise<Outcome>((resolve) => {
    const end = (outcome: Outcome): void => {
      outcomes.push(outcome);
      resolve(outcome);
    };
    loader.load(context, config, {
      onSuccess: ({ data, code }) => end({ kind: "success", data, code }),
      onError: ({ code }) => end({ kind: "error", code }),
      onTimeout: () => end({ kind: "timeout" }),
      onAbort: () => end({ kind: "abort" }),
      ...(progress ? { onProgress: (_stats, _context, data) => steps.push(data as ArrayBuffer) } : {}),
    });
  });
  return { loader, ended, steps, outcomes };
}

const bytesOf = (data: unknown): number[] => [...new Uint8Array(data as ArrayBuffer)];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("hls.js is given the whole segment, its status, its age and its times", async () => {
  const { loader, ended } = load(async () => answer());
  const outcome = await ended;
  assert.equal(outcome.kind, "success");
  assert.equal(outcome.code, 200);
  assert.deepEqual(bytesOf(outcome.data), [1, 2, 3, 4, 5, 6]);
  const { stats } = loader;
  assert.equal(stats.loaded, 6);
  assert.equal(stats.total, 6);
  assert.equal(stats.bwEstimate, 0);
  assert.ok(stats.loading.start > 0);
  assert.ok(stats.loading.first >= stats.loading.start);
  assert.ok(stats.loading.end >= stats.loading.first);
  assert.equal(loader.getCacheAge?.(), 12);
});

test("the buffer is hls.js's own: detaching it leaves the source's bytes alone", async () => {
  const { ended } = load(async () => answer());
  const { data } = await ended;
  structuredClone(data, { transfer: [data as ArrayBuffer] });
  assert.deepEqual([...(PARTS[0] as Uint8Array)], [1, 2, 3]);
});

test("a byte range is asked for with an inclusive end, and a whole segment without a range", async () => {
  const asked: (string | null)[] = [];
  const fetch: SegmentSource["fetch"] = async (_url, init) => {
    asked.push(new Headers(init?.headers).get("Range"));
    return answer();
  };
  await load(fetch, { context: contextOf({ rangeStart: 100, rangeEnd: 200 }) }).ended;
  await load(fetch, { context: contextOf({ rangeStart: 0, rangeEnd: 0 }) }).ended;
  assert.deepEqual(asked, ["bytes=100-199", null]);
});

test("progress comes in steps of at least the high-water mark, and the end repeats nothing", async () => {
  const { ended, steps } = load(async () => answer(), {
    config: configOf({ highWaterMark: 4 }),
    progress: true,
  });
  const { data } = await ended;
  assert.deepEqual(steps.map(bytesOf), [[1, 2, 3, 4, 5], [6]]);
  assert.deepEqual(bytesOf(data), []);
});

test("without a high-water mark progress is told once, with a buffer apart from the result's", async () => {
  const { ended, steps } = load(async () => answer(), {
    config: configOf({ highWaterMark: Number.POSITIVE_INFINITY }),
    progress: true,
  });
  const { data } = await ended;
  assert.deepEqual(steps.map(bytesOf), [[1, 2, 3, 4, 5, 6]]);
  assert.notEqual(steps[0], data);
});

test("an answer with an error status becomes an error of that code", async () => {
  const outcome = await load(async () => answer(undefined, { status: 404 })).ended;
  assert.deepEqual(outcome, { kind: "error", code: 404 });
});

test("a failed origin is an error that hls.js will retry; an unknown failure is code 0", async () => {
  const failed = load(() => Promise.reject(new RivuletError("origin-failed", "The origin is down.")));
  assert.deepEqual(await failed.ended, { kind: "error", code: 503 });
  const unknown = load(() => Promise.reject(new TypeError("Failed to fetch")));
  assert.deepEqual(await unknown.ended, { kind: "error", code: 0 });
});

test("a first byte that does not come in time is a timeout, even when the head of the answer came", async () => {
  let signal: AbortSignal | null | undefined;
  const { ended, loader } = load(
    async (_url, init) => {
      signal = init?.signal;
      return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    },
    { config: configOf({}, 20, 5000) },
  );
  assert.equal((await ended).kind, "timeout");
  assert.equal(signal?.aborted, true);
  assert.equal(loader.stats.aborted, true);
});

test("a segment that starts but does not end in time is a timeout", async () => {
  const { ended } = load(async () => answer(new Promise(() => {})), { config: configOf({}, 1000, 40) });
  assert.equal((await ended).kind, "timeout");
});

test("aborting stops the fetch, tells onAbort once, and nothing is heard afterwards", async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { loader, outcomes } = load(async () => answer(gate));
  await pause(10);
  loader.abort();
  loader.abort();
  open();
  await pause(20);
  assert.deepEqual(outcomes, [{ kind: "abort" }]);
  assert.equal(loader.stats.aborted, true);
});

test("destroying is safe before, during and after a load, and silent", async () => {
  const unused = new (rivuletHls({ fetch: async () => answer(), line: undefined }).fLoader)({} as HlsConfig);
  unused.destroy();
  const during = load(async () => answer());
  during.loader.destroy();
  await pause(20);
  assert.deepEqual(during.outcomes, []);
  assert.equal(during.loader.context, null);
  const after = load(async () => answer());
  await after.ended;
  after.loader.destroy();
  after.loader.destroy();
});
