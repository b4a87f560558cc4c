import assert from "node:assert/strict";
import { concatBytes } from "#sdk/base/bytes.ts";
import { type ErrorCode, RivuletError } from "#sdk/base/errors.ts";
import type { Origin } from "#sdk/engine/ports.ts";
import { startTestOrigin, type TestOrigin } from "../support/test-origin.ts";

/** Longer than one block of the test origin, so that a body comes in several parts. */
export const FILE = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
export const PATH = "/film.bin";

/** What came of one fetch. */
export interface Fetched {
  readonly kinds: readonly string[];
  readonly bytes: Uint8Array;
  /** Undefined when it was fulfilled. */
  readonly error: RivuletError | undefined;
}

/** Fetches and keeps what came, also when it fails. */
export async function fetchAll(
  origin: Origin,
  request: {
    readonly url: string;
    readonly start?: number;
    readonly end?: number;
    readonly signal?: AbortSignal;
    readonly onBytes?: () => void;
  },
): Promise<Fetched> {
  const kinds: string[] = [];
  const parts: Uint8Array[] = [];
  let error: RivuletError | undefined;
  await origin
    .fetch({
      url: request.url,
      start: request.start ?? 0,
      end: request.end,
      signal: request.signal ?? new AbortController().signal,
      onAnswer: ({ kind }) => {
        assert.equal(parts.length, 0, "The answer comes before its bytes.");
        kinds.push(kind);
      },
      onBytes: (bytes) => {
        assert.ok(bytes.byteLength > 0);
        parts.push(bytes);
        request.onBytes?.();
      },
    })
    .catch((caught: unknown) => {
      assert.ok(caught instanceof RivuletError, String(caught));
      error = caught;
    });
  return { kinds, bytes: concatBytes(parts), error };
}

export function assertBytes(found: Fetched, start: number, end: number): void {
  assert.equal(found.error, undefined);
  assert.ok(
    Buffer.from(found.bytes).equals(FILE.subarray(start, end)),
    `${found.bytes.byteLength} other bytes`,
  );
}

export function assertFailed(found: Fetched, code: ErrorCode): RivuletError {
  assert.equal(found.error?.code, code, String(found.error));
  return found.error ?? assert.fail();
}

/** What every origin does, against a real HTTP server that misbehaves on demand. Its waits must be short. */
export function describeOrigin(
  name: string,
  parts: {
    readonly make: () => Origin;
    readonly describe: (name: string, define: () => void) => void;
    readonly it: (name: string, run: () => Promise<void>) => void;
  },
): void {
  const it = (
    sentence: string,
    run: (given: { origin: Origin; server: TestOrigin; url: string }) => Promise<void>,
  ) =>
    parts.it(sentence, async () => {
      const server = await startTestOrigin({ files: new Map([[PATH, FILE]]) });
      try {
        await run({ origin: parts.make(), server, url: server.url + PATH });
      } finally {
        await server.close();
      }
    });

  parts.describe(name, () => {
    it("delivers a range and asks for no byte outside it", async ({ origin, server, url }) => {
      const found = await fetchAll(origin, { url, start: 1000, end: 150_000 });
      assertBytes(found, 1000, 150_000);
      assert.deepEqual(found.kinds, ["range"]);
      assert.equal(server.log.requests()[0]?.range, "bytes=1000-149999");
      assert.equal(server.log.bytes(), 149_000);
    });

    it("delivers everything without asking for a range", async ({ origin, server, url }) => {
      const found = await fetchAll(origin, { url });
      assertBytes(found, 0, FILE.length);
      assert.deepEqual(found.kinds, ["whole"]);
      assert.equal(server.log.requests()[0]?.range, undefined);
    });

    it("delivers a single byte, the first and the last", async ({ origin, url }) => {
      assertBytes(await fetchAll(origin, { url, start: 0, end: 1 }), 0, 1);
      const { length } = FILE;
      assertBytes(await fetchAll(origin, { url, start: length - 1, end: length }), length - 1, length);
    });

    it("delivers an empty range without asking anybody", async ({ origin, server, url }) => {
      const found = await fetchAll(origin, { url, start: 10, end: 10 });
      assertBytes(found, 10, 10);
      assert.deepEqual(found.kinds, ["range"]);
      assert.equal(server.log.requests().length, 0);
    });

    it("delivers an empty file", async ({ origin, server }) => {
      server.files.set("/empty", new Uint8Array());
      assertBytes(await fetchAll(origin, { url: `${server.url}/empty` }), 0, 0);
    });

    it("says so when it delivers the whole instead of a range", async ({ origin, server, url }) => {
      server.faults.set(PATH, { ignoreRange: true });
      const found = await fetchAll(origin, { url, start: 1000, end: 2000 });
      assert.deepEqual(found.kinds, ["whole"]);
      assertBytes(found, 0, FILE.length);
    });

    it("gives each byte once when the connection breaks again and again", async ({ origin, server, url }) => {
      server.faults.set(PATH, { cutAfterBytes: 70_000, times: 2 });
      const found = await fetchAll(origin, { url, start: 10_000, end: 190_000 });
      assertBytes(found, 10_000, 190_000);
      assert.deepEqual(found.kinds, ["range"]);
    });

    it("finishes a whole file that broke off", async ({ origin, server, url }) => {
      server.faults.set(PATH, { cutAfterBytes: 70_000, times: 2 });
      const found = await fetchAll(origin, { url });
      assertBytes(found, 0, FILE.length);
      assert.deepEqual(found.kinds, ["whole"]);
    });

    it("tries again when the server is down for a moment", async ({ origin, server, url }) => {
      server.faults.set(PATH, { down: true, times: 2 });
      assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
    });

    it("gives up on a server that stays down", async ({ origin, server, url }) => {
      await server.close();
      const { cause } = assertFailed(await fetchAll(origin, { url, start: 0, end: 10 }), "origin-failed");
      assert.ok(cause instanceof Error);
      // For the closing after the test.
      server.server.listen(0);
    });

    it("notices that the resource changed since an earlier answer", async ({ origin, server, url }) => {
      assertBytes(await fetchAll(origin, { url, start: 0, end: 10 }), 0, 10);
      server.files.set(
        PATH,
        FILE.map((byte) => byte ^ 1),
      );
      const found = await fetchAll(origin, { url, start: 10, end: 20 });
      assertFailed(found, "stale-manifest");
      assert.equal(found.bytes.byteLength, 0);
    });

    it("notices that the resource is too short for the range", async ({ origin, url }) => {
      const end = FILE.length + 1;
      assertFailed(await fetchAll(origin, { url, start: 0, end }), "stale-manifest");
      assertFailed(await fetchAll(origin, { url, start: end, end: end + 10 }), "stale-manifest");
    });

    it("does nothing for a request that is already aborted", async ({ origin, server, url }) => {
      const found = await fetchAll(origin, { url, signal: AbortSignal.abort() });
      assertFailed(found, "aborted");
      assert.equal(server.log.requests().length, 0);
    });

    it("stops at once when it is aborted amid the body", async ({ origin, server, url }) => {
      server.faults.set(PATH, { stallAfterBytes: 70_000 });
      const abort = new AbortController();
      const found = await fetchAll(origin, { url, signal: abort.signal, onBytes: () => abort.abort() });
      assertFailed(found, "aborted");
      assert.deepEqual(found.kinds, ["whole"]);
    });
  });
}
