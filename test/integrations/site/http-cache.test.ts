import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { adoptFromHttpCache } from "#sdk/integrations/site/http-cache.ts";
import { bytesOf, deferred, settled } from "../../client/support/sample.ts";

const ORIGIN = "https://site.example";
const PICTURE = `${ORIGIN}/a.png`;
const BYTES = bytesOf(500);

interface Loaded {
  readonly name: string;
  readonly workerStart: number;
  readonly initiatorType: string;
}

const loaded = (name: string, more: Partial<Loaded> = {}): Loaded => ({
  name,
  workerStart: 0,
  initiatorType: "img",
  ...more,
});

/** A page whose browser has loaded things, and an engine that lists some of them, by size. */
function pageWith(t: TestContext, listed: Readonly<Record<string, number>> = { [PICTURE]: BYTES.length }) {
  let observe: ((entries: readonly Loaded[]) => void) | undefined;
  const requests: (readonly [url: string, cache: string | undefined])[] = [];
  const answers = new Map<string, () => Response | Promise<Response>>();
  const adopted: (readonly [url: string, bytes: Uint8Array])[] = [];
  const ready = deferred();
  const globals = {
    location: { origin: ORIGIN },
    PerformanceObserver: class {
      constructor(onEntries: (list: { getEntries(): readonly Loaded[] }) => void) {
        observe = (entries) => onEntries({ getEntries: () => entries });
      }
      observe(options: object) {
        assert.deepEqual(options, { type: "resource", buffered: true });
      }
      disconnect() {
        observe = undefined;
      }
    },
    fetch: async (url: string, init: RequestInit) => {
      requests.push([url, init.cache]);
      return (await answers.get(url)?.()) ?? new Response(BYTES.slice());
    },
  };
  const before = Object.getOwnPropertyDescriptors(globalThis);
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  t.after(() => {
    Reflect.deleteProperty(globalThis, "location");
    for (const name of ["PerformanceObserver", "fetch"] as const)
      Object.defineProperty(globalThis, name, before[name] ?? {});
  });
  const stop = adoptFromHttpCache({
    ready: ready.promise,
    sizeOf: (url) => listed[url],
    adopt: async (url, bytes) => {
      adopted.push([url, bytes]);
      return bytes.byteLength;
    },
  });
  const isWatched = () => observe !== undefined;
  const load = async (...entries: readonly Loaded[]) => {
    observe?.(entries);
    await settled();
  };
  return { load, isWatched, requests, answers, adopted, stop, start: ready.resolve };
}

test("what the page loaded past the engine is taken over from the browser's cache, and never from the network", async (t) => {
  const { load, requests, adopted, start } = pageWith(t);
  start();
  await load(loaded(PICTURE));
  assert.deepEqual(requests, [[PICTURE, "only-if-cached"]]);
  assert.deepEqual(adopted, [[PICTURE, BYTES]]);
});

test("before the engine runs it waits", async (t) => {
  const { load, requests, adopted, start } = pageWith(t);
  await load(loaded(PICTURE));
  assert.deepEqual(requests, []);
  start();
  await settled();
  assert.equal(adopted.length, 1);
});

test("what a worker answered, what was fetched, and what is another site's or not listed is left alone", async (t) => {
  const { load, requests, start } = pageWith(t, { [PICTURE]: 500, "https://other.example/a.png": 500 });
  start();
  await load(
    loaded(PICTURE, { workerStart: 12 }),
    loaded(PICTURE, { initiatorType: "fetch" }),
    loaded("https://other.example/a.png"),
    loaded(`${ORIGIN}/other.png`),
  );
  assert.deepEqual(requests, []);
});

test("nothing is taken over twice", async (t) => {
  const { load, requests, start } = pageWith(t);
  start();
  await load(loaded(PICTURE), loaded(PICTURE));
  await load(loaded(PICTURE));
  assert.equal(requests.length, 1);
});

test("what is not in the cache, is no whole answer, or has another size is not adopted, and the next one is", async (t) => {
  const urls = ["/missing", "/part", "/short"].map((path) => ORIGIN + path);
  const { load, answers, adopted, start } = pageWith(
    t,
    Object.fromEntries([...urls, PICTURE].map((url) => [url, BYTES.length])),
  );
  const [missing, part, short] = urls as [string, string, string];
  answers.set(missing, () => Promise.reject(new TypeError("Not in the cache.")));
  answers.set(part, () => new Response(BYTES.slice(), { status: 206 }));
  answers.set(short, () => new Response(BYTES.slice(1)));
  start();
  await load(...urls.map((url) => loaded(url)), loaded(PICTURE));
  await settled();
  assert.deepEqual(
    adopted.map(([url]) => url),
    [PICTURE],
  );
});

test("64 MiB are taken over in one visit at most", async (t) => {
  const [big, small] = [`${ORIGIN}/big`, `${ORIGIN}/small`];
  const { load, requests, start } = pageWith(t, { [big]: 64 * 2 ** 20 + 1, [small]: 500 });
  start();
  await load(loaded(big), loaded(small));
  assert.deepEqual(requests, [[small, "only-if-cached"]]);
});

test("once it is stopped nothing is taken over, also of what was waiting", async (t) => {
  const { load, requests, start, stop, isWatched } = pageWith(t);
  await load(loaded(PICTURE));
  stop();
  start();
  await settled();
  assert.deepEqual([requests.length, isWatched()], [0, false]);
});
