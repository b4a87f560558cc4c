import { describe, it } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { describePieceStore } from "../contract/piece-store.ts";

describePieceStore("MemoryStore", {
  open: async (quotaBytes) => new MemoryStore({ quotaBytes }),
  describe,
  it,
});
