import { keys } from "idb-keyval";
import { openStore } from "#sdk/adapters/fallback-store.ts";
import { IndexedDbStore } from "#sdk/adapters/indexeddb-store.ts";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import type { RivuletError } from "#sdk/base/errors.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";
import { equal, hashOf, piece, present, same } from "../contract/piece-store.ts";
import { failingPuts, newDatabase, openQuietly, rawStore, replacing } from "./indexeddb-stage.ts";
import { describe, it } from "./mocha.ts";

/** Opens the store of a page, and what it was told. */
async function open(
  name: string,
  options: { readonly openTimeoutMs?: number } = {},
): Promise<{ store: PieceStore; told: () => string }> {
  const problems: RivuletError[] = [];
  const onProblem = (error: RivuletError) => void problems.push(error);
  const base = { kind: "indexeddb", name, quotaBytes: 10_000, memoryBytes: 10_000 } as const;
  const store = await openStore({ ...base, ...options, onProblem });
  return { store, told: () => problems.map(({ code }) => code).join() };
}

/** What a page without a disk can expect. */
async function checkMemoryOnly({ store, told }: Awaited<ReturnType<typeof open>>): Promise<void> {
  equal(store instanceof MemoryStore, true);
  equal(told(), "storage-unavailable");
  await store.put(hashOf(1), piece(1, 100));
  same(await store.get(hashOf(1)), piece(1, 100));
  await store.close();
  equal(told(), "storage-unavailable");
}

describe("openStore", () => {
  it("opens IndexedDB where it may", async () => {
    const { store, told } = await open(newDatabase());
    equal(store instanceof IndexedDbStore, true);
    equal(told(), "");
    await store.close();
  });

  it("falls back to memory, and says so once, when opening IndexedDB throws", () => {
    const value = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    return replacing(IDBFactory.prototype, { member: "open", value }, async () => {
      await checkMemoryOnly(await open(newDatabase()));
    });
  });

  it("falls back to memory when there is no IndexedDB at all", async () => {
    const nothing = { member: "indexedDB", value: undefined } as const;
    await replacing<{ indexedDB: IDBFactory | undefined }, "indexedDB">(globalThis, nothing, async () => {
      await checkMemoryOnly(await open(newDatabase()));
    });
  });

  it("falls back to memory when the browser does not answer", async () => {
    const { open: openDatabase } = IDBFactory.prototype;
    // A request that waits for ever: nobody hears its events.
    const value = function (this: IDBFactory, ...args: Parameters<typeof openDatabase>) {
      const request = openDatabase.apply(this, args);
      return Object.create(IDBOpenDBRequest.prototype, {
        onsuccess: { set: () => {} },
        onerror: { set: () => {} },
        onupgradeneeded: { set: () => {} },
        result: { get: () => request.result },
      });
    };
    await replacing(IDBFactory.prototype, { member: "open", value }, async () => {
      await checkMemoryOnly(await open(newDatabase(), { openTimeoutMs: 50 }));
    });
  });

  it("falls back to memory when the database is not the store's own", async () => {
    const name = newDatabase();
    await new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onupgradeneeded = () => request.result.createObjectStore("somebody else's");
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    await checkMemoryOnly(await open(name));
  });
});

describe("IndexedDbStore, when a write fails", () => {
  for (const failure of ["QuotaExceededError", "InvalidStateError"]) {
    it(`gets over a single ${failure}`, async () => {
      const name = newDatabase();
      const { store, told } = await open(name);
      await failingPuts({ name: failure, times: 1 }, async () => {
        await store.put(hashOf(1), piece(1, 100));
      });
      await store.close();
      equal(told(), "");
      const after = await openQuietly({ name });
      same(await after.get(hashOf(1)), piece(1, 100));
      await after.close();
    });
  }

  it("makes room by dropping the oldest when the browser's quota is reached", async () => {
    const { store, told } = await open(newDatabase());
    for (const n of [1, 2, 3, 4]) await store.put(hashOf(n), piece(n, 100));
    await failingPuts({ name: "QuotaExceededError", times: 1 }, async () => {
      await store.put(hashOf(5), piece(5, 100));
    });
    present(await store.present([1, 2, 3, 4, 5].map(hashOf)), [3, 4, 5]);
    equal(told(), "");
    await store.close();
  });

  for (const [failure, code] of [
    ["QuotaExceededError", "storage-full"],
    ["UnknownError", "storage-unavailable"],
  ] as const) {
    it(`goes on in memory after a lasting ${failure}, and says ${code} once`, async () => {
      const name = newDatabase();
      const { store, told } = await open(name);
      await failingPuts({ name: failure, times: Number.POSITIVE_INFINITY }, async (tried) => {
        await store.put(hashOf(2), piece(2, 100));
        equal(told(), code);
        const before = tried();
        await Promise.all([3, 4].map((n) => store.put(hashOf(n), piece(n, 100))));
        equal(tried(), before);
      });
      for (const n of [2, 3, 4]) same(await store.get(hashOf(n)), piece(n, 100));
      await store.delete(hashOf(3));
      present(await store.present([2, 3, 4].map(hashOf)), [2, 4]);
      await store.close();
      equal(told(), code);
      const after = await openQuietly({ name });
      present(await after.present([2, 3, 4].map(hashOf)), []);
      await after.close();
    });
  }

  it("leaves nothing half done when a write of several pieces fails in its midst", async () => {
    const name = newDatabase();
    const { store, told } = await open(name);
    const { put } = IDBObjectStore.prototype;
    const value = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
      if (args[1] === hashOf(2)) throw new DOMException("as the test wants it", "DataError");
      return put.apply(this, args);
    };
    await replacing(IDBObjectStore.prototype, { member: "put", value }, async () => {
      await Promise.all([1, 2].map((n) => store.put(hashOf(n), piece(n, 100))));
    });
    equal(told(), "storage-unavailable");
    await store.close();
    equal((await keys(rawStore(name))).length, 0);
  });
});
