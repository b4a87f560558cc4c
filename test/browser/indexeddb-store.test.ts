import { describePieceStore } from "../contract/piece-store.ts";
import { newDatabase, openQuietly } from "./indexeddb-stage.ts";
import { describe, it } from "./mocha.ts";

describePieceStore("IndexedDbStore", {
  open: (quotaBytes) => openQuietly({ name: newDatabase(), quotaBytes }),
  describe,
  it,
});

// The memory in front of the disk must make no difference but in speed.
describePieceStore("IndexedDbStore without memory", {
  open: (quotaBytes) => openQuietly({ name: newDatabase(), quotaBytes, memoryBytes: 0 }),
  describe,
  it,
});
