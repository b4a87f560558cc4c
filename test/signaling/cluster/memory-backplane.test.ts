import { MemoryHub } from "#signaling/cluster/memory-backplane.ts";
import { backplaneContract } from "#test/contract/backplane.ts";

backplaneContract("memory", async () => new MemoryHub());
