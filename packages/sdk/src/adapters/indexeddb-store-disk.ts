import { createStore, get, promisifyRequest, type UseStore } from "idb-keyval";
import { RivuletError } from "../base/errors.ts";
import type { IndexEntry } from "./indexeddb-store-index.ts";
import { INDEX, keysFrom, OBJECT_STORE, WORKER } from "./piece-database.ts";

/** What each key shall hold from now on; undefined is nothing. */
export type DiskChanges = ReadonlyMap<IDBValidKey, unknown>;

/** The key of a piece's index record. */
export function indexKey(hash: string): string {
  return INDEX + hash;
}

/**
 * The database: one object store in which a piece's bytes are under its hash, and its size and last use are a record of
 * its own under `index:` and the hash. Both change in one transaction, so a crash cannot part them; and because no record
 * speaks for all pieces, two tabs that write at once do not undo each other. What begins with `worker:` is the Service
 * Worker's (catalogue-records.ts).
 */
export class PieceDisk {
  readonly #store: UseStore;

  constructor(databaseName: string) {
    this.#store = createStore(databaseName, OBJECT_STORE);
  }

  /** Reads every index record. `strays` are keys without their other half, or not ours at all. */
  async readIndex(): Promise<{ readonly entries: Map<string, IndexEntry>; readonly strays: IDBValidKey[] }> {
    const range = keysFrom(INDEX);
    const [keys, indexKeys, records] = await this.#store("readonly", (store) =>
      Promise.all([
        promisifyRequest(store.getAllKeys()),
        promisifyRequest(store.getAllKeys(range)),
        promisifyRequest<unknown[]>(store.getAll(range)),
      ]),
    );
    const strays = new Set(keys.filter((key) => !(typeof key === "string" && key.startsWith(WORKER))));
    const entries = new Map<string, IndexEntry>();
    indexKeys.forEach((key, i) => {
      const hash = String(key).slice(INDEX.length);
      const entry = records[i];
      if (!isIndexEntry(entry) || !strays.delete(hash)) return;
      strays.delete(key);
      entries.set(hash, entry);
    });
    return { entries, strays: [...strays] };
  }

  /** The bytes under a hash; undefined when there are none, or something else is there. */
  async read(hash: string): Promise<Uint8Array | undefined> {
    const value = await get<unknown>(hash, this.#store);
    return value instanceof Uint8Array ? value : undefined;
  }

  /** All of it or, when it throws, none of it. */
  async write(changes: DiskChanges): Promise<void> {
    await this.#store("readwrite", (store) => {
      try {
        for (const [key, value] of changes) {
          if (value === undefined) store.delete(key);
          else store.put(value, key);
        }
      } catch (error) {
        // Without this the requests made so far would still commit.
        store.transaction.abort();
        throw error;
      }
      // Not left to the browser, which would wait for the last answer: the page may be about to end.
      store.transaction.commit();
      return promisifyRequest(store.transaction);
    });
  }

  /** Nothing may be asked of it afterwards. */
  async close(): Promise<void> {
    await this.#store("readonly", (store) => store.transaction.db.close());
  }
}

function isIndexEntry(value: unknown): value is IndexEntry {
  if (typeof value !== "object" || value === null || !("sizeBytes" in value && "usedAt" in value))
    return false;
  return [value.sizeBytes, value.usedAt].every((n) => Number.isFinite(n) && Number(n) >= 0);
}

export function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === "QuotaExceededError";
}

/** Why nothing more is written. */
export function writeProblem(cause: unknown): RivuletError {
  return new RivuletError(
    isQuotaError(cause) ? "storage-full" : "storage-unavailable",
    `The browser takes no more pieces: ${cause}. They stay in memory, for this visit.`,
    { cause },
  );
}
