import { equal, hashOf, piece, present, same } from "../contract/piece-store.ts";
import { newDatabase, openQuietly, replacing } from "./indexeddb-stage.ts";
import { describe, it } from "./mocha.ts";

/** Runs `then` at the moment the next transaction of this mode has begun. */
async function onceBegun(
  mode: IDBTransactionMode,
  then: () => void,
  run: () => Promise<void>,
): Promise<void> {
  const { transaction } = IDBDatabase.prototype;
  let begun = false;
  const value = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    const made = transaction.apply(this, args);
    if (!begun && (args[1] ?? "readonly") === mode) {
      begun = true;
      queueMicrotask(then);
    }
    return made;
  };
  await replacing(IDBDatabase.prototype, { member: "transaction", value }, run);
  equal(begun, true);
}

/** A store that finds a piece on disk, as a later visit does. */
async function reopenedWithPiece(): ReturnType<typeof openQuietly> {
  const name = newDatabase();
  const before = await openQuietly({ name });
  await before.put(hashOf(1), piece(1, 50));
  await before.close();
  return openQuietly({ name });
}

describe("IndexedDbStore, when a piece changes amid its own reading or writing", () => {
  it("ends up with what was put last when it is put again while being written", async () => {
    const name = newDatabase();
    const store = await openQuietly({ name, memoryBytes: 0 });
    let second: Promise<void> | undefined;
    const putAgain = () => {
      second = store.put(hashOf(1), piece(2, 60));
    };
    await onceBegun("readwrite", putAgain, () => store.put(hashOf(1), piece(1, 50)));
    same(await store.get(hashOf(1)), piece(2, 60));
    await second;
    await store.close();
    const after = await openQuietly({ name });
    same(await after.get(hashOf(1)), piece(2, 60));
    await after.close();
  });

  it("ends up without the piece when it is deleted while being written", async () => {
    const name = newDatabase();
    const store = await openQuietly({ name });
    let deleted: Promise<void> | undefined;
    const remove = () => {
      deleted = store.delete(hashOf(1));
    };
    await onceBegun("readwrite", remove, () => store.put(hashOf(1), piece(1, 50)));
    present(await store.present([hashOf(1)]), []);
    await deleted;
    present(await store.present([hashOf(1)]), []);
    same(await store.get(hashOf(1)), undefined);
    await store.close();
    const after = await openQuietly({ name });
    present(await after.present([hashOf(1)]), []);
    await after.close();
  });

  it("does not bring a piece back that is deleted while being read", async () => {
    const store = await reopenedWithPiece();
    const read = store.get(hashOf(1));
    const deleted = store.delete(hashOf(1));
    await Promise.all([read, deleted]);
    same(await store.get(hashOf(1)), undefined);
    present(await store.present([hashOf(1)]), []);
    await store.close();
  });

  it("gives the newer bytes when a piece is put again while being read", async () => {
    const store = await reopenedWithPiece();
    const read = store.get(hashOf(1));
    const put = store.put(hashOf(1), piece(2, 60));
    same(await read, piece(2, 60));
    await put;
    same(await store.get(hashOf(1)), piece(2, 60));
    await store.close();
  });
});
