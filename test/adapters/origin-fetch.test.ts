import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { FetchOrigin, type FetchOriginOptions } from "#sdk/adapters/origin-fetch.ts";
import { sleepUnlessAborted } from "#sdk/adapters/origin-fetch-watch.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { minute } from "#sdk/base/time.ts";
import { assertBytes, assertFailed, describeOrigin, FILE, fetchAll, PATH } from "../contract/origin.ts";
import { startTestOrigin, type TestOrigin } from "../support/test-origin.ts";

const random = seededRandom(1);
/** Chance takes nothing off and adds nothing, so that waits are round numbers. */
const noChance = { next: () => 0, below: () => 0 };

/** Longer than any test may take: what does not end by itself is not ended by these. */
const patient = { responseTimeoutMs: 60 * minute, stallTimeoutMs: 60 * minute };

describeOrigin("FetchOrigin", {
  make: () => new FetchOrigin({ random, backoffMs: 1, ...patient }),
  describe,
  it,
});

/** An origin whose waits take no time but are noted, before a server with one file. */
async function withOrigin(
  run: (given: { origin: FetchOrigin; server: TestOrigin; url: string; waitsMs: number[] }) => Promise<void>,
  options: Partial<FetchOriginOptions> = {},
): Promise<void> {
  const server = await startTestOrigin({ files: new Map([[PATH, FILE]]) });
  const waitsMs: number[] = [];
  const sleep = async (ms: number) => void waitsMs.push(ms);
  try {
    const origin = new FetchOrigin({ random: noChance, sleep, ...patient, ...options });
    await run({ origin, server, url: server.url + PATH, waitsMs });
  } finally {
    await server.close();
  }
}

test("after a break it asks from the byte it had reached, whatever it had asked first", () =>
  withOrigin(async ({ origin, server, url }) => {
    server.faults.set(PATH, { cutAfterBytes: 65_536, times: 1 });
    assertBytes(await fetchAll(origin, { url, start: 1000, end: 150_000 }), 1000, 150_000);
    const [first, second] = server.log.requests();
    assert.equal(first?.range, "bytes=1000-149999");
    const from = Number(/^bytes=(\d+)-149999$/.exec(second?.range ?? "")?.[1]);
    assert.ok(from >= 1000 && from <= 66_536, second?.range);
    // A connection that is cut may lose bytes that were on their way.
    assert.equal(second?.bytes, 150_000 - from);
    server.log.reset();
    server.faults.set(PATH, { cutAfterBytes: 65_536, times: 1 });
    assertBytes(await fetchAll(origin, { url }), 0, FILE.length);
    assert.match(server.log.requests()[1]?.range ?? "", /^bytes=\d+-$/);
  }));

test("after a break a server that now ignores ranges is read past what was given before", () =>
  withOrigin(async ({ origin, server, url }) => {
    const breaking = new FetchOrigin({
      random,
      sleep: async () => void server.faults.set(PATH, { ignoreRange: true }),
    });
    server.faults.set(PATH, { cutAfterBytes: 65_536, times: 1 });
    const found = await fetchAll(breaking, { url, start: 1000, end: 150_000 });
    assertBytes(found, 1000, 150_000);
    assert.deepEqual(found.kinds, ["range"]);
    server.faults.set(PATH, { cutAfterBytes: 65_536, ignoreRange: true, times: 1 });
    const whole = await fetchAll(origin, { url, start: 1000, end: 150_000 });
    assertBytes(whole, 0, FILE.length);
  }));

for (const status of [408, 429, 500, 502, 503, 504]) {
  test(`it tries again after a ${status}`, () =>
    withOrigin(async ({ origin, server, url }) => {
      server.faults.set(PATH, { status, times: 2 });
      assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
      assert.deepEqual(
        server.log.requests().map((request) => request.status),
        [status, status, 206],
      );
    }));
}

for (const status of [400, 401, 403, 404, 410, 451]) {
  test(`it asks no second time after a ${status}`, () =>
    withOrigin(async ({ origin, server, url }) => {
      server.faults.set(PATH, { status });
      const { cause } = assertFailed(await fetchAll(origin, { url, start: 0, end: 10 }), "origin-failed");
      assert.equal(cause, status);
      assert.equal(server.log.requests().length, 1);
    }));
}

test("its waits double up to their limit, and then it gives up", () =>
  withOrigin(
    async ({ origin, server, url, waitsMs }) => {
      server.faults.set(PATH, { status: 503 });
      const { cause } = assertFailed(await fetchAll(origin, { url }), "origin-failed");
      assert.equal(cause, 503);
      assert.deepEqual(waitsMs, [50, 100, 200, 250, 250]);
      assert.equal(server.log.requests().length, 6);
    },
    { retries: 5, backoffMs: 100, backoffMaxMs: 500 },
  ));

test("chance spreads its waits over the upper half", () =>
  withOrigin(
    async ({ origin, server, url, waitsMs }) => {
      server.faults.set(PATH, { status: 503, times: 1 });
      await fetchAll(origin, { url });
      assert.deepEqual(waitsMs, [75]);
    },
    { backoffMs: 100, random: { next: () => 0.5, below: () => 0 } },
  ));

test("it waits as long as the server asks, in seconds or until a date, up to a limit", () =>
  withOrigin(
    async ({ origin, server, url, waitsMs }) => {
      const now = Date.parse("2026-01-01T00:00:00Z");
      for (const retryAfter of ["2", new Date(now + 3000).toUTCString(), "86400", "soon", "0"]) {
        server.faults.set(PATH, { status: 503, times: 1, retryAfter });
        assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
      }
      assert.deepEqual(waitsMs, [2000, 3000, 30_000, 50, 50]);
    },
    { backoffMs: 100, now: () => Date.parse("2026-01-01T00:00:00Z") },
  ));

test("a body without a byte for too long counts as a break", () =>
  withOrigin(
    async ({ origin, server, url }) => {
      server.faults.set(PATH, { stallAfterBytes: 65_536, times: 1 });
      assertBytes(await fetchAll(origin, { url, start: 0, end: 100_000 }), 0, 100_000);
      assert.ok(server.log.requests().length >= 2);
    },
    { stallTimeoutMs: 400 },
  ));

test("an answer that does not come counts as a break", () =>
  withOrigin(
    async ({ origin, server, url }) => {
      server.faults.set(PATH, { silent: true, times: 1 });
      assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
      server.faults.set(PATH, { silent: true });
      assertFailed(await fetchAll(origin, { url, start: 0, end: 10 }), "origin-failed");
    },
    { responseTimeoutMs: 400, retries: 1 },
  ));

test("it stops waiting when it is aborted between two tries", () =>
  withOrigin(async ({ server, url }) => {
    const abort = new AbortController();
    const sleep: typeof sleepUnlessAborted = (ms, signal) => {
      queueMicrotask(() => abort.abort());
      return sleepUnlessAborted(ms, signal);
    };
    const origin = new FetchOrigin({ random, sleep, backoffMs: 1_000_000, backoffMaxMs: 1_000_000 });
    server.faults.set(PATH, { status: 503 });
    assertFailed(await fetchAll(origin, { url, signal: abort.signal }), "aborted");
    assert.equal(server.log.requests().length, 1);
  }));

test("it stops waiting for an answer when it is aborted", () =>
  withOrigin(async ({ origin, server, url }) => {
    const abort = new AbortController();
    server.faults.set(PATH, { silent: true });
    server.server.once("request", () => abort.abort());
    assertFailed(await fetchAll(origin, { url, signal: abort.signal }), "aborted");
  }));
