import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { openStore } from "#sdk/adapters/fallback-store.ts";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import type { RivuletError } from "#sdk/base/errors.ts";
import { describePieceStore } from "../contract/piece-store.ts";

// Node has no IndexedDB, so this is a browser that forbids it; test/browser has the others.
describePieceStore("the store of a browser without IndexedDB", {
  open: (quotaBytes) =>
    openStore({ kind: "indexeddb", quotaBytes: 1, memoryBytes: quotaBytes, onProblem: () => {} }),
  describe,
  it,
});

test("a browser without IndexedDB gets a store in memory, and the page hears why once", async () => {
  const problems: RivuletError[] = [];
  const store = await openStore({
    kind: "indexeddb",
    quotaBytes: 1000,
    memoryBytes: 1000,
    onProblem: (error) => problems.push(error),
  });
  assert.ok(store instanceof MemoryStore);
  await store.put("aa", new Uint8Array(10));
  await store.close();
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["storage-unavailable"],
  );
});

test("who asks for memory gets it without a word", async () => {
  const store = await openStore({
    kind: "memory",
    quotaBytes: 1000,
    memoryBytes: 1000,
    onProblem: (error) => assert.fail(error),
  });
  assert.ok(store instanceof MemoryStore);
});
