import { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";
import type { PieceStore } from "../engine/ports.ts";
import { IndexedDbStore } from "./indexeddb-store.ts";
import { MemoryStore } from "./memory-store.ts";
import { DATABASE } from "./piece-database.ts";

export interface OpenStoreOptions {
  /** `indexeddb`: pieces outlive the page where the browser allows it. `memory`: they never do. */
  readonly kind: "indexeddb" | "memory";
  /** Name of the database. */
  readonly name?: string;
  /** How many bytes of pieces to keep on disk. */
  readonly quotaBytes: number;
  /** How many bytes of pieces to hold in memory: all there are without a disk, the recent ones with it. */
  readonly memoryBytes: number;
  /** How long the browser may take to open the database, ms. */
  readonly openTimeoutMs?: number;
  /** Told why pieces will not outlive the page (`storage-unavailable`), or why no more are written (`storage-full`). */
  readonly onProblem: (error: RivuletError) => void;
}

const DEFAULTS = { name: DATABASE, openTimeoutMs: 3 * second };

/** Opens the best store there is. It never rejects: a page must work where storage is forbidden. */
export async function openStore(given: OpenStoreOptions): Promise<PieceStore> {
  const options = { ...DEFAULTS, ...given };
  if (options.kind === "indexeddb") {
    try {
      return await openInTime(IndexedDbStore.open(options), options.openTimeoutMs);
    } catch (cause) {
      options.onProblem(
        new RivuletError(
          "storage-unavailable",
          `Pieces are kept in memory only, for this visit. ${cause instanceof Error ? cause.message : cause}`,
          { cause },
        ),
      );
    }
  }
  return new MemoryStore({ quotaBytes: options.memoryBytes });
}

/** Some browsers leave an open request unanswered for good: behind another tab's upgrade, or after a crash. */
async function openInTime(opening: Promise<IndexedDbStore>, timeoutMs: number): Promise<IndexedDbStore> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Nobody will use it any more, should it open after all.
      opening.then((store) => store.close()).catch(() => undefined);
      reject(new RivuletError("storage-unavailable", `IndexedDB did not open within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}
