import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openStage, type Stage, type StageOptions } from "./support/stage.ts";
import { assertRight, fetchAll, type RivuletWindow, stats, until } from "./support/visit.ts";

declare const window: RivuletWindow;

const SIZES = { "a.bin": 3_000_000, "b.bin": 1_000_000, "small.bin": 5_000, "empty.bin": 0 };
const NAMES = Object.keys(SIZES);

async function withStage(
  options: Partial<StageOptions>,
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await openStage({ sizes: SIZES, latencyMs: 10, ...options });
  try {
    await run(stage);
  } finally {
    await stage.close();
  }
}

describe("an origin in trouble", () => {
  it("that knows no Range still serves every file, about once", () =>
    withStage({ ranges: false }, async (stage) => {
      const viewer = await stage.open();
      assertRight(stage, await fetchAll(viewer, NAMES));
      assert.ok(stage.copies() <= 1.05, `${stage.copies()} copies`);
      const range = await viewer.page.evaluate(async () => {
        const response = await window.Rivulet.current?.fetch("/assets/a.bin", {
          headers: { range: "bytes=100-199" },
        });
        return { status: response?.status, bytes: (await response?.arrayBuffer())?.byteLength };
      });
      assert.deepEqual(range, { status: 206, bytes: 100 });
    }));

  it("that answers 503 twice and then well is asked again", () =>
    withStage({}, async (stage) => {
      for (const name of NAMES) stage.origin.faults.set(`/assets/${name}`, { status: 503, times: 2 });
      const viewer = await stage.open();
      assertRight(stage, await fetchAll(viewer, NAMES));
      assert.ok(stage.copies() <= 1.05);
    }));

  it("that is gone is made up for by one peer that has everything", () =>
    withStage({}, async (stage) => {
      const seeder = await stage.open();
      assertRight(stage, await fetchAll(seeder, NAMES));
      for (const name of NAMES) stage.origin.faults.set(`/assets/${name}`, { down: true });
      const before = stage.originBytes();
      const viewer = await stage.open();
      assertRight(stage, await fetchAll(viewer, NAMES));
      assert.equal(stage.originBytes(), before);
      assert.equal((await stats(viewer)).peerBytes, stage.totalBytes);
    }));

  it("whose file changed since the manifest was built gives the page the new file", () =>
    withStage({}, async (stage) => {
      const changed = new TextEncoder().encode("a new file, of another length");
      stage.origin.files.set("/assets/b.bin", changed);
      const viewer = await stage.open();
      const text = await viewer.page.evaluate(async () => {
        const response = await window.Rivulet.current?.fetch("/assets/b.bin");
        return response?.text();
      });
      assert.equal(text, "a new file, of another length");
    }));

  it("is not asked again on a second visit: the pieces come from IndexedDB, verified again", () =>
    withStage({}, async (stage) => {
      const viewer = await stage.open();
      assertRight(stage, await fetchAll(viewer, NAMES));
      // What was handed out last may still be on its way to the disk.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const before = stage.originBytes();
      await viewer.page.reload();
      assertRight(stage, await fetchAll(viewer, NAMES));
      assert.equal(stage.originBytes(), before, "not a byte left the origin");
      assert.equal((await stats(viewer)).storeBytes, stage.totalBytes);
    }));

  it("is asked for what was damaged in IndexedDB, and for nothing else", () =>
    withStage({}, async (stage) => {
      const viewer = await stage.open();
      assertRight(stage, await fetchAll(viewer, NAMES));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const damaged = await viewer.page.evaluate(damageOnePiece);
      const before = stage.originBytes();
      await viewer.page.reload();
      assertRight(stage, await fetchAll(viewer, NAMES));
      assert.equal(stage.originBytes() - before, damaged);
    }));

  it("serves its unlisted files as if Rivulet were not there", () =>
    withStage({}, async (stage) => {
      stage.origin.files.set("/other.txt", new TextEncoder().encode("hello"));
      const viewer = await stage.open();
      await until(viewer, ({ tracker }) => tracker === "up");
      const answer = await viewer.page.evaluate(async () => {
        const known = await window.Rivulet.current?.fetch("/other.txt");
        const unknown = await window.Rivulet.current?.fetch("/nowhere.txt");
        return [await known?.text(), unknown?.status];
      });
      assert.deepEqual(answer, ["hello", 404]);
    }));
});

/** Flips a bit in one stored piece; returns the piece's length. Runs in the page. */
async function damageOnePiece(): Promise<number> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name ?? ""));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName, "readwrite").objectStore(storeName);
      for (const key of await settled(store.getAllKeys())) {
        const value: unknown = await settled(store.get(key));
        if (!(value instanceof Uint8Array) || value.byteLength < 60_000) continue;
        value[100] = (value[100] ?? 0) ^ 1;
        await settled(store.put(value, key));
        database.close();
        return value.byteLength;
      }
    }
    database.close();
  }
  throw new Error("IndexedDB holds no piece.");
}
