import { createStore, promisifyRequest } from "idb-keyval";
import { CATALOGUE, DATABASE, keysFrom, OBJECT_STORE, PLAYERS } from "./piece-database.ts";

/*
 * The database as a Service Worker uses it: catalogues and players are its own, pieces it only reads. It is bundled into a
 * script of a few kilobytes, so it imports as little as it can.
 */

/** A site has few manifests at a time; those that were not written for longest are dropped beyond this. */
const MOST_CATALOGUES = 8;

interface CatalogueRecord {
  /** Ms since 1970. */
  readonly writtenAt: number;
  readonly value: unknown;
}

/** Opens the database at the first use. */
const store = createStore(DATABASE, OBJECT_STORE);

/**
 * Remembers anything that can be cloned about a manifest, in the place of what was remembered before.
 * @throws DOMException when storage is forbidden or full.
 */
export async function writeCatalogue(manifestUrl: string, value: unknown): Promise<void> {
  return store("readwrite", async (records) => {
    const key = CATALOGUE + manifestUrl;
    const others = (await catalogues(records)).filter(([other]) => other !== key);
    // Newest first: one that is none counts as oldest.
    others.sort(([, a], [, b]) => (b?.writtenAt ?? 0) - (a?.writtenAt ?? 0));
    // A clock that was set back does not make this one the oldest.
    const writtenAt = Math.max(Date.now(), (others[0]?.[1]?.writtenAt ?? 0) + 1);
    records.put({ writtenAt, value } satisfies CatalogueRecord, key);
    for (const [old] of others.slice(MOST_CATALOGUES - 1)) records.delete(old);
    await promisifyRequest(records.transaction);
  });
}

/**
 * What is remembered, by URL of the manifest.
 * @throws DOMException when storage is forbidden.
 */
export async function readCatalogues(): Promise<Map<string, unknown>> {
  const found = await store("readonly", catalogues);
  return new Map(
    found.flatMap(([key, record]) => (record ? [[key.slice(CATALOGUE.length), record.value]] : [])),
  );
}

/** @throws DOMException when storage is forbidden. */
export async function deleteCatalogue(manifestUrl: string): Promise<void> {
  return store("readwrite", (records) => {
    records.delete(CATALOGUE + manifestUrl);
    return promisifyRequest(records.transaction);
  });
}

/**
 * Remembers of players whether the worker answers them, in the place of what was remembered before.
 * @throws DOMException when storage is forbidden or full.
 */
export async function writePlayers(players: ReadonlyMap<string, boolean>): Promise<void> {
  return store("readwrite", (records) => {
    records.put(players, PLAYERS);
    return promisifyRequest(records.transaction);
  });
}

/** @throws DOMException when storage is forbidden. */
export async function readPlayers(): Promise<ReadonlyMap<string, boolean>> {
  const players = await store("readonly", (records) => promisifyRequest<unknown>(records.get(PLAYERS)));
  return players instanceof Map ? players : new Map();
}

/**
 * Removes every piece and all that the worker remembers. The database itself stays, empty: one that is to be deleted would
 * keep others from opening it for as long as any page has it open.
 * @throws DOMException when storage is forbidden.
 */
export async function clearAll(): Promise<void> {
  return store("readwrite", (records) => {
    records.clear();
    return promisifyRequest(records.transaction);
  });
}

/**
 * The bytes under these hashes (lower-case hex), read in one transaction; undefined for what is not there. Nobody has
 * verified them: a disk may be damaged.
 * @throws DOMException when storage is forbidden.
 */
export async function readPieces(hashes: readonly string[]): Promise<(Uint8Array | undefined)[]> {
  const values = await store("readonly", (pieces) =>
    Promise.all(hashes.map((hash) => promisifyRequest<unknown>(pieces.get(hash)))),
  );
  return values.map((value) => (value instanceof Uint8Array ? value : undefined));
}

/** As `readPieces`, of one. */
export async function readPiece(hash: string): Promise<Uint8Array | undefined> {
  return (await readPieces([hash]))[0];
}

async function catalogues(records: IDBObjectStore): Promise<[string, CatalogueRecord | undefined][]> {
  const range = keysFrom(CATALOGUE);
  const [keys, values] = await Promise.all([
    promisifyRequest(records.getAllKeys(range)),
    promisifyRequest<unknown[]>(records.getAll(range)),
  ]);
  return keys.map((key, at) => [String(key), recordOf(values[at])]);
}

function recordOf(value: unknown): CatalogueRecord | undefined {
  const fits = typeof value === "object" && value !== null && "writtenAt" in value && "value" in value;
  return fits && typeof value.writtenAt === "number" ? (value as CatalogueRecord) : undefined;
}
