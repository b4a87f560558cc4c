import { createStore } from "idb-keyval";
import { IndexedDbStore } from "#sdk/adapters/indexeddb-store.ts";
import { GIB } from "#sdk/base/bytes.ts";
import { pieceBytesFor } from "#sdk/content/manifest.ts";
import { type Asset, hashOf, LAYOUTS, readAll, readSome, writeAll } from "./store-layouts.ts";

/** What the bench asks of its page. */
export interface StoreLayoutPage {
  /** Makes assets of these sizes, whose bytes differ from page to page; returns how many pieces they have. */
  make(sizes: readonly number[]): Promise<number>;
  /** Ms to write all assets in this layout into a database of its own, to read them, and to read single pieces. */
  round(layout: keyof typeof LAYOUTS): Promise<LayoutFigures>;
  /** Makes a store of so many pieces; returns the ms that it takes to open it again, each time. */
  open(pieces: number, times: number): Promise<readonly number[]>;
}

export interface LayoutFigures {
  readonly writeMs: number;
  readonly readMs: number;
  /** Of 200 pieces. */
  readonly singlesMs: number;
}

let assets: readonly Asset[] = [];

const page: StoreLayoutPage = {
  async make(sizes) {
    assets = await Promise.all(sizes.map(made));
    return assets.reduce((sum, { pieces }) => sum + pieces.length, 0);
  },

  async round(layout) {
    const name = `layout-${crypto.randomUUID()}`;
    const store = createStore(name, "pieces");
    try {
      const startedAt = performance.now();
      await writeAll(store, LAYOUTS[layout], assets);
      const writtenAt = performance.now();
      await readAll(store, LAYOUTS[layout], assets);
      const readAt = performance.now();
      await readSome(store, { layout: LAYOUTS[layout], assets, count: 200 });
      const singlesMs = performance.now() - readAt;
      return { writeMs: writtenAt - startedAt, readMs: readAt - writtenAt, singlesMs };
    } finally {
      await store("readonly", ({ transaction }) => transaction.db.close());
      await dropped(name);
    }
  },

  async open(pieces, times) {
    const name = `index-${crypto.randomUUID()}`;
    const options = { name, quotaBytes: GIB, onProblem: (error: Error) => console.error(error) };
    const before = await IndexedDbStore.open(options);
    const bytes = crypto.getRandomValues(new Uint8Array(200));
    await Promise.all(
      Array.from({ length: pieces }, (_, n) => before.put(n.toString(16).padStart(64, "0"), bytes)),
    );
    await before.close();
    const tookMs: number[] = [];
    for (let time = 0; time < times; time++) {
      const startedAt = performance.now();
      const store = await IndexedDbStore.open(options);
      tookMs.push(performance.now() - startedAt);
      await store.close();
    }
    await dropped(name);
    return tookMs;
  },
};

async function made(sizeBytes: number, n: number): Promise<Asset> {
  const bytes = new Uint8Array(sizeBytes);
  // As many as it gives at once.
  for (let at = 0; at < sizeBytes; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  const pieceBytes = pieceBytesFor(sizeBytes);
  const offsets = Array.from({ length: Math.ceil(sizeBytes / pieceBytes) }, (_, piece) => piece * pieceBytes);
  const pieces = await Promise.all(
    offsets.map(async (offset) => {
      const piece = bytes.subarray(offset, offset + pieceBytes);
      return { offset, length: piece.byteLength, hash: await hashOf(piece) };
    }),
  );
  return { name: `asset-${n}`, bytes, pieces };
}

function dropped(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

Reflect.set(globalThis, "storeLayout", page);
