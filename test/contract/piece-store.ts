import type { PieceStore } from "#sdk/engine/ports.ts";

/** What every piece store does. It runs under node:test as well as in a browser, so it brings its own assertions. */
export function describePieceStore(
  name: string,
  parts: {
    /** A new, empty store of this quota. */
    readonly open: (quotaBytes: number) => Promise<PieceStore>;
    readonly describe: (name: string, define: () => void) => void;
    readonly it: (name: string, run: () => Promise<void>) => void;
  },
): void {
  const { describe } = parts;
  const it = (sentence: string, run: (open: typeof parts.open) => Promise<void>) =>
    parts.it(sentence, async () => {
      const opened: PieceStore[] = [];
      try {
        await run(async (quotaBytes) => {
          const store = await parts.open(quotaBytes);
          opened.push(store);
          return store;
        });
      } finally {
        for (const store of opened) await store.close();
      }
    });

  describe(name, () => {
    it("gives back the bytes that were put", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 100));
      same(await store.get(hashOf(1)), piece(1, 100));
    });

    it("gives bytes back before they are settled", async (open) => {
      const store = await open(1000);
      const settled = store.put(hashOf(1), piece(1, 100));
      same(await store.get(hashOf(1)), piece(1, 100));
      present(await store.present([hashOf(1)]), [1]);
      await settled;
    });

    it("has nothing under a hash that was never put", async (open) => {
      const store = await open(1000);
      same(await store.get(hashOf(1)), undefined);
    });

    it("keeps a piece of no bytes", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 0));
      same(await store.get(hashOf(1)), piece(1, 0));
    });

    it("says which of the hashes are stored", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 10));
      await store.put(hashOf(3), piece(3, 10));
      present(await store.present([hashOf(1), hashOf(2), hashOf(3)]), [1, 3]);
      present(await store.present([hashOf(3)]), [3]);
      present(await store.present([]), []);
    });

    it("forgets what was deleted, and nothing else", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 10));
      await store.put(hashOf(2), piece(2, 10));
      await store.delete(hashOf(1));
      await store.delete(hashOf(9));
      same(await store.get(hashOf(1)), undefined);
      present(await store.present([hashOf(1), hashOf(2)]), [2]);
    });

    it("obeys the last of put and delete, settled or not", async (open) => {
      const store = await open(1000);
      await Promise.all([
        store.put(hashOf(1), piece(1, 10)),
        store.delete(hashOf(1)),
        store.delete(hashOf(2)),
        store.put(hashOf(2), piece(2, 10)),
      ]);
      same(await store.get(hashOf(1)), undefined);
      same(await store.get(hashOf(2)), piece(2, 10));
    });

    it("holds the newer bytes, and counts only them, when a piece is put again", async (open) => {
      const store = await open(100);
      await store.put(hashOf(1), piece(1, 60));
      await store.put(hashOf(1), piece(7, 50));
      await store.put(hashOf(2), piece(2, 50));
      same(await store.get(hashOf(1)), piece(7, 50));
      same(await store.get(hashOf(2)), piece(2, 50));
    });

    it("fills its quota to the last byte", async (open) => {
      const store = await open(100);
      await store.put(hashOf(1), piece(1, 40));
      await store.put(hashOf(2), piece(2, 60));
      present(await store.present([hashOf(1), hashOf(2)]), [1, 2]);
    });

    it("drops the piece that was put first when over quota", async (open) => {
      const store = await open(100);
      await store.put(hashOf(1), piece(1, 40));
      await store.put(hashOf(2), piece(2, 60));
      await store.put(hashOf(3), piece(3, 1));
      present(await store.present([hashOf(1), hashOf(2), hashOf(3)]), [2, 3]);
      same(await store.get(hashOf(1)), undefined);
    });

    it("spares a piece that was read when it has to drop one", async (open) => {
      const store = await open(100);
      for (const n of [1, 2, 3, 4]) await store.put(hashOf(n), piece(n, 25));
      await store.get(hashOf(1));
      await store.put(hashOf(5), piece(5, 30));
      present(await store.present([1, 2, 3, 4, 5].map(hashOf)), [1, 4, 5]);
    });

    it("spares a piece that was touched as one that was read", async (open) => {
      const store = await open(100);
      for (const n of [1, 2, 3, 4]) await store.put(hashOf(n), piece(n, 25));
      store.touch([hashOf(2), hashOf(1)]);
      await store.put(hashOf(5), piece(5, 30));
      present(await store.present([1, 2, 3, 4, 5].map(hashOf)), [1, 2, 5]);
    });

    it("takes a touch of what it does not have for nothing", async (open) => {
      const store = await open(100);
      store.touch([]);
      store.touch([hashOf(1)]);
      present(await store.present([hashOf(1)]), []);
      await store.close();
      store.touch([hashOf(1)]);
    });

    it("leaves everything in place when a piece alone is over quota", async (open) => {
      const store = await open(100);
      await store.put(hashOf(1), piece(1, 90));
      await store.put(hashOf(2), piece(2, 101));
      same(await store.get(hashOf(1)), piece(1, 90));
    });

    it("holds no more than its quota after many puts at once", async (open) => {
      const store = await open(1000);
      const numbers = Array.from({ length: 100 }, (_, n) => n);
      await Promise.all(numbers.map((n) => store.put(hashOf(n), piece(n, 50))));
      present(await store.present(numbers.map(hashOf)), numbers.slice(80));
      for (const n of numbers.slice(80)) same(await store.get(hashOf(n)), piece(n, 50));
    });

    it("answers many reads of one piece at once", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 100));
      const reads = await Promise.all(Array.from({ length: 20 }, () => store.get(hashOf(1))));
      for (const read of reads) same(read, piece(1, 100));
    });

    it("keeps only the view's bytes when it is given a view of a larger buffer", async (open) => {
      const store = await open(1000);
      const buffer = piece(1, 5000);
      await store.put(hashOf(1), buffer.subarray(100, 110));
      const bytes = await store.get(hashOf(1));
      same(bytes, buffer.slice(100, 110));
      equal(bytes?.buffer.byteLength, 10);
    });

    it("is silent and empty once closed, however often it is closed", async (open) => {
      const store = await open(1000);
      await store.put(hashOf(1), piece(1, 10));
      await store.close();
      await store.close();
      await store.put(hashOf(2), piece(2, 10));
      await store.delete(hashOf(1));
      same(await store.get(hashOf(1)), undefined);
      present(await store.present([hashOf(1), hashOf(2)]), []);
    });
  });
}

/** A name for the nth piece: stores do not hash, so any 64 hex digits will do. */
export function hashOf(n: number): string {
  return n.toString(16).padStart(64, "0");
}

/** Bytes that only the nth piece has. */
export function piece(n: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (n * 31 + i * 7) & 0xff);
}

export function same(found: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  equal(found && Array.from(found).join(), expected && Array.from(expected).join());
}

/** Checks a set of hashes by the numbers of its pieces. */
export function present(found: ReadonlySet<string>, expected: readonly number[]): void {
  equal([...found].sort().join(), expected.map(hashOf).sort().join());
}

export function equal<T>(found: T, expected: T): void {
  if (found !== expected) throw new Error(`expected ${expected}, found ${found}`);
}
