import { del, get, keys, set } from "idb-keyval";
import {
  deleteCatalogue,
  readCatalogues,
  readPiece,
  readPieces,
  readPlayers,
  writeCatalogue,
  writePlayers,
} from "#sdk/adapters/catalogue-records.ts";
import { equal, hashOf, piece, present, same } from "../contract/piece-store.ts";
import { failingPuts, openQuietly, rawStore } from "./indexeddb-stage.ts";
import { describe, it } from "./mocha.ts";

/** The database that pages and the Service Worker share. */
const NAME = "rivulet";
const raw = rawStore(NAME);
const manifest = (n: number) => `https://site.example/${n}/rivulet.json`;

/** Begins and ends with nothing in the database. */
async function alone(run: () => Promise<void>): Promise<void> {
  const clear = async () => {
    for (const key of await keys(raw)) await del(key, raw);
  };
  await clear();
  await run().finally(clear);
}

async function manifests(): Promise<string> {
  return [...(await readCatalogues()).keys()].sort().join();
}

describe("the record of players", () => {
  it("is what was written last, and of no manifest", () =>
    alone(async () => {
      equal((await readPlayers()).size, 0);
      await writePlayers(new Map([["a", true]]));
      await writePlayers(new Map([["b", false]]));
      equal(JSON.stringify([...(await readPlayers())]), '[["b",false]]');
      equal(await manifests(), "");
    }));

  it("is not read when it makes no sense", () =>
    alone(async () => {
      await set("worker:players", { b: false }, raw);
      equal((await readPlayers()).size, 0);
    }));
});

describe("catalogue records", () => {
  it("remember what was written last for each manifest", () =>
    alone(async () => {
      equal(await manifests(), "");
      await writeCatalogue(manifest(1), "before");
      await writeCatalogue(manifest(1), { entries: [new Uint8Array([1, 2])] });
      await writeCatalogue(manifest(2), undefined);
      equal(await manifests(), [manifest(1), manifest(2)].join());
      const first = (await readCatalogues()).get(manifest(1)) as { entries: Uint8Array[] };
      same(first.entries[0], new Uint8Array([1, 2]));
      await deleteCatalogue(manifest(1));
      await deleteCatalogue(manifest(9));
      equal(await manifests(), manifest(2));
    }));

  it("are at most eight: those go that were not written for longest", () =>
    alone(async () => {
      for (let n = 1; n <= 8; n++) await writeCatalogue(manifest(n), n);
      await writeCatalogue(manifest(1), "again");
      await writeCatalogue(manifest(9), 9);
      equal(await manifests(), [1, 3, 4, 5, 6, 7, 8, 9].map(manifest).join());
    }));

  it("that make no sense are not read, and go first", () =>
    alone(async () => {
      await set(`worker:catalogue:${manifest(0)}`, "rubbish", raw);
      equal(await manifests(), "");
      for (let n = 1; n <= 8; n++) await writeCatalogue(manifest(n), n);
      equal(await get(`worker:catalogue:${manifest(0)}`, raw), undefined);
      equal((await readCatalogues()).size, 8);
    }));

  it("stay as they are when a new one finds no room", () =>
    alone(async () => {
      for (let n = 1; n <= 8; n++) await writeCatalogue(manifest(n), n);
      let failure = "";
      await failingPuts({ name: "QuotaExceededError", times: 1 }, () =>
        writeCatalogue(manifest(9), 9).catch((error: Error) => {
          failure = error.name;
        }),
      );
      equal(failure, "QuotaExceededError");
      equal(await manifests(), [1, 2, 3, 4, 5, 6, 7, 8].map(manifest).join());
    }));

  it("are not tidied away by the store, and take nothing of its quota", () =>
    alone(async () => {
      await writeCatalogue(manifest(1), piece(1, 5000));
      const store = await openQuietly({ name: NAME, quotaBytes: 100 });
      await store.put(hashOf(1), piece(1, 60));
      await store.put(hashOf(2), piece(2, 40));
      await store.close();
      const again = await openQuietly({ name: NAME, quotaBytes: 100 });
      present(await again.present([1, 2].map(hashOf)), [1, 2]);
      await again.close();
      equal(await manifests(), manifest(1));
    }));
});

describe("pieces as a Service Worker reads them", () => {
  it("are the store's bytes, and nothing where there are none", () =>
    alone(async () => {
      same(await readPiece(hashOf(1)), undefined);
      const store = await openQuietly({ name: NAME });
      await store.put(hashOf(1), piece(1, 100));
      await store.put(hashOf(2), piece(2, 0));
      // Both have the database open at once.
      const [first, second, none] = await readPieces([1, 2, 3].map(hashOf));
      same(first, piece(1, 100));
      same(second, piece(2, 0));
      same(none, undefined);
      await store.close();
      same(await readPiece(hashOf(1)), piece(1, 100));
      await set(hashOf(1), "rubbish", raw);
      same(await readPiece(hashOf(1)), undefined);
      equal((await readPieces([])).length, 0);
    }));
});
