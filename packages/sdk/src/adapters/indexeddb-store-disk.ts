import { createStore, get, promisifyRequest, type UseStore } from "idb-keyval";
import type { IndexEntry } from "./indexeddb-store-index.ts";

/**
 * The database: one object store in which a piece's bytes are under its hash, and its size and last use are a record of
 * its own under `index:` and the hash. Both change in one transaction, so a crash cannot part them; and because no record
 * speaks for all pieces, two tabs that write at once do not undo each other.
 */
export class PieceDisk {
  readonly #store: UseStore;

  constructor(databaseName: string) {
    this.#store = createStore(databaseName, "pieces");
  }

  /** Reads every index record. `strays` are keys without their other half, or not ours at all. */
  async readIndex(): Promise<{ readonly entries: Map<string, IndexEntry>; readonly strays: IDBValidKey[] }> {
    const [keys, indexKeys, records] = await this.#store("readonly", (store) =>
      Promise.all([
        promisifyRequest(store.getAllKeys()),
        promisifyRequest(store.getAllKeys(indexRange())),
        promisifyRequest<unknown[]>(store.getAll(indexRange())),
      ]),
    );
    const there = new Set(keys);
    const entries = new Map<string, IndexEntry>();
    indexKeys.forEach((key, i) => {
      const hash = String(key).slice(INDEX.length);
      const entry = records[i];
      if (isIndexEntry(entry) && there.has(hash)) entries.set(hash, entry);
    });
    const strays = keys.filter((key) => {
      const name = String(key);
      return !entries.has(name.startsWith(INDEX) ? name.slice(INDEX.length) : name);
    });
    return { entries, strays };
  }

  /** The bytes under a hash; undefined when there are none, or something else is there. */
  async read(hash: string): Promise<Uint8Array | undefined> {
    const value = await get<unknown>(hash, this.#store);
    return value instanceof Uint8Array ? value : undefined;
  }

  /** All of it or, when it throws, none of it. */
  async write(changes: {
    readonly pieces?: ReadonlyMap<string, Uint8Array>;
    readonly entries?: ReadonlyMap<string, IndexEntry>;
    readonly removed?: Iterable<string>;
  }): Promise<void> {
    await this.#store("readwrite", (store) => {
      try {
        for (const hash of changes.removed ?? []) {
          store.delete(hash);
          store.delete(INDEX + hash);
        }
        for (const [hash, bytes] of changes.pieces ?? []) store.put(bytes, hash);
        for (const [hash, entry] of changes.entries ?? []) store.put(entry, INDEX + hash);
      } catch (error) {
        // Without this the requests made so far would still commit.
        store.transaction.abort();
        throw error;
      }
      return promisifyRequest(store.transaction);
    });
  }

  async removeKeys(keys: readonly IDBValidKey[]): Promise<void> {
    await this.#store("readwrite", (store) => {
      for (const key of keys) store.delete(key);
      return promisifyRequest(store.transaction);
    });
  }

  /** Nothing may be asked of it afterwards. */
  async close(): Promise<void> {
    await this.#store("readonly", (store) => store.transaction.db.close());
  }
}

const INDEX = "index:";

/** All keys that begin with `index:`; `;` is the character after `:`. */
function indexRange(): IDBKeyRange {
  return IDBKeyRange.bound(INDEX, "index;", false, true);
}

function isIndexEntry(value: unknown): value is IndexEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "sizeBytes" in value &&
    "usedAt" in value &&
    isCount(value.sizeBytes) &&
    isCount(value.usedAt)
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
