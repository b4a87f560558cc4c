import type { ShareWorker } from "./share-worker.ts";
import type { KeptShare } from "./worker-messages.ts";

export type { KeptShare };

/** What earlier visits left on this browser's disk. */
export async function keptShares(worker: ShareWorker): Promise<readonly KeptShare[]> {
  return worker.ask("list", {});
}

/** Deletes what no tab has open and nothing was written to for so long; returns the ids of what went. */
export async function forgetOldShares(worker: ShareWorker, maxAgeMs: number): Promise<readonly string[]> {
  return worker.ask("forget", { maxAgeMs });
}
