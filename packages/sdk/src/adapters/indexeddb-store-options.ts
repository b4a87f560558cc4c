import { MIB } from "../base/bytes.ts";
import type { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";

export interface IndexedDbStoreOptions {
  /** Name of the database, which belongs to this store alone. */
  readonly name: string;
  /** How many bytes of pieces to keep on disk. */
  readonly quotaBytes: number;
  /** How many bytes of recently used pieces to hold in memory as well. */
  readonly memoryBytes?: number;
  /** How many bytes may wait to be written; a piece that comes while the disk is further behind stays in memory only. */
  readonly pendingBytes?: number;
  /** How old the knowledge of what other tabs stored may be when somebody asks what is there, ms. */
  readonly refreshMs?: number;
  /** Told, once, why nothing more is written: `storage-full` or `storage-unavailable`. Pieces then stay in memory. */
  readonly onProblem: (error: RivuletError) => void;
}

export const DEFAULTS = { memoryBytes: 32 * MIB, pendingBytes: 32 * MIB, refreshMs: 5 * second };

/** How long uses are gathered before the disk is told of them. */
export const USE_DELAY_MS = 10 * second;
