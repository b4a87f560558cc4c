import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { MIB } from "#sdk/base/bytes.ts";
import type { PieceStore } from "#sdk/engine/ports.ts";

/** A store some of whose members are the test's own. */
export function storeWith(
  members: Partial<PieceStore>,
  store: PieceStore = new MemoryStore({ quotaBytes: 64 * MIB }),
): PieceStore {
  return {
    present: (hashes) => store.present(hashes),
    get: (hash) => store.get(hash),
    put: (hash, bytes) => store.put(hash, bytes),
    touch: (hashes) => store.touch(hashes),
    delete: (hash) => store.delete(hash),
    close: () => store.close(),
    ...members,
  };
}
