import { get, set } from "idb-keyval";
import { equal, hashOf, piece, present, same } from "../contract/piece-store.ts";
import { newDatabase, openQuietly, rawStore, replacing } from "./indexeddb-stage.ts";
import { describe, it } from "./mocha.ts";

describe("IndexedDbStore, from one visit to the next", () => {
  it("still has its pieces when it is opened again", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name });
    await before.put(hashOf(1), piece(1, 100));
    before.put(hashOf(2), piece(2, 200));
    await before.close();
    const after = await openQuietly({ name });
    present(await after.present([1, 2, 3].map(hashOf)), [1, 2]);
    same(await after.get(hashOf(1)), piece(1, 100));
    same(await after.get(hashOf(2)), piece(2, 200));
    await after.close();
  });

  it("remembers which pieces were used last", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name, quotaBytes: 100 });
    for (const n of [1, 2, 3, 4]) await before.put(hashOf(n), piece(n, 25));
    await before.get(hashOf(1));
    await before.close();
    const after = await openQuietly({ name, quotaBytes: 100 });
    await after.put(hashOf(5), piece(5, 50));
    present(await after.present([1, 2, 3, 4, 5].map(hashOf)), [1, 4, 5]);
    await after.close();
  });

  it("remembers which pieces were touched last, though nobody read them", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name, quotaBytes: 100 });
    for (const n of [1, 2, 3, 4]) await before.put(hashOf(n), piece(n, 25));
    await before.close();
    const between = await openQuietly({ name, quotaBytes: 100 });
    between.touch([hashOf(1), hashOf(9)]);
    await between.close();
    const after = await openQuietly({ name, quotaBytes: 100 });
    await after.put(hashOf(5), piece(5, 50));
    present(await after.present([1, 2, 3, 4, 5, 9].map(hashOf)), [1, 4, 5]);
    await after.close();
  });

  it("drops the oldest when it is opened again with a smaller quota", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name });
    for (const n of [1, 2, 3]) await before.put(hashOf(n), piece(n, 25));
    await before.close();
    const after = await openQuietly({ name, quotaBytes: 50 });
    present(await after.present([1, 2, 3].map(hashOf)), [2, 3]);
    equal(await get(hashOf(1), rawStore(name)), undefined);
    await after.close();
  });

  it("shares its pieces with a second tab", async () => {
    const name = newDatabase();
    const here = await openQuietly({ name, memoryBytes: 0, refreshMs: 0 });
    const there = await openQuietly({ name, memoryBytes: 0, refreshMs: 0 });
    await Promise.all([here.put(hashOf(1), piece(1, 10)), there.put(hashOf(2), piece(2, 10))]);
    present(await here.present([hashOf(1), hashOf(2)]), [1, 2]);
    same(await there.get(hashOf(1)), piece(1, 10));
    await there.delete(hashOf(1));
    same(await here.get(hashOf(1)), undefined);
    present(await here.present([hashOf(1), hashOf(2)]), [2]);
    await here.close();
    await there.close();
  });
});

describe("IndexedDbStore, sparing the disk", () => {
  it("writes many pieces in few transactions", async () => {
    const store = await openQuietly({ name: newDatabase(), quotaBytes: 100_000 });
    const { transaction } = IDBDatabase.prototype;
    let writes = 0;
    const value = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
      if (args[1] === "readwrite") writes++;
      return transaction.apply(this, args);
    };
    await replacing(IDBDatabase.prototype, { member: "transaction", value }, async () => {
      await Promise.all(Array.from({ length: 200 }, (_, n) => store.put(hashOf(n), piece(n, 100))));
    });
    equal(writes, 1);
    await store.close();
  });

  it("reads a piece once, however many ask for it and however often", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name });
    await before.put(hashOf(1), piece(1, 100));
    await before.close();
    const store = await openQuietly({ name });
    const { get } = IDBObjectStore.prototype;
    let reads = 0;
    const value = function (this: IDBObjectStore, ...args: Parameters<typeof get>) {
      reads++;
      return get.apply(this, args);
    };
    await replacing(IDBObjectStore.prototype, { member: "get", value }, async () => {
      for (const read of await Promise.all([1, 2, 3].map(() => store.get(hashOf(1)))))
        same(read, piece(1, 100));
      same(await store.get(hashOf(1)), piece(1, 100));
    });
    equal(reads, 1);
    await store.close();
  });

  it("keeps in memory only what comes while too much waits to be written", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name, pendingBytes: 100 });
    for (const n of [1, 2, 3]) before.put(hashOf(n), piece(n, 50));
    same(await before.get(hashOf(3)), piece(3, 50));
    await before.close();
    const after = await openQuietly({ name });
    present(await after.present([1, 2, 3].map(hashOf)), [1, 2]);
    await after.close();
  });
});

describe("IndexedDbStore, finding the database in disorder", () => {
  const damages: readonly [string, (raw: ReturnType<typeof rawStore>) => Promise<void>][] = [
    ["an index record that is none", (raw) => set(`index:${hashOf(1)}`, "rubbish", raw)],
    [
      "an index record with impossible numbers",
      (raw) => set(`index:${hashOf(1)}`, { sizeBytes: -1, usedAt: 1 }, raw),
    ],
    [
      "another size than the index says",
      (raw) => set(`index:${hashOf(1)}`, { sizeBytes: 9, usedAt: 1 }, raw),
    ],
    ["something else in the place of a piece", (raw) => set(hashOf(1), "rubbish", raw)],
    ["half a piece", (raw) => set(hashOf(1), piece(1, 50), raw)],
  ];
  for (const [what, damage] of damages) {
    it(`takes ${what} for no piece, and can store it anew`, async () => {
      const name = newDatabase();
      const before = await openQuietly({ name });
      await before.put(hashOf(1), piece(1, 100));
      await before.put(hashOf(2), piece(2, 100));
      await before.close();
      await damage(rawStore(name));
      const after = await openQuietly({ name });
      same(await after.get(hashOf(1)), undefined);
      present(await after.present([hashOf(1), hashOf(2)]), [2]);
      same(await after.get(hashOf(2)), piece(2, 100));
      await after.put(hashOf(1), piece(1, 100));
      await after.close();
      const again = await openQuietly({ name });
      same(await again.get(hashOf(1)), piece(1, 100));
      await again.close();
    });
  }

  it("clears away pieces without an index record, records without a piece, and keys that are not its own", async () => {
    const name = newDatabase();
    const before = await openQuietly({ name });
    await before.put(hashOf(1), piece(1, 100));
    await before.close();
    const raw = rawStore(name);
    await set(hashOf(2), piece(2, 100), raw);
    await set(`index:${hashOf(3)}`, { sizeBytes: 100, usedAt: 1 }, raw);
    await set(42, "rubbish", raw);
    const after = await openQuietly({ name });
    present(await after.present([1, 2, 3].map(hashOf)), [1]);
    for (const key of [hashOf(2), `index:${hashOf(3)}`, 42]) equal(await get(key, raw), undefined);
    await after.close();
  });
});
