import type { Stats } from "node:fs";
import { statfs } from "node:fs/promises";
import { RivuletError } from "../../base/errors.ts";
import { formatBytes } from "../format-bytes.ts";

/** What every system counts in, whatever its own blocks are (POSIX, `st_blocks`). */
const BLOCK_BYTES = 512;

/** What a file takes of the disk: one that was written in the middle has holes. Windows does not say. */
export function occupiedBytes({ size, blocks }: Stats): number {
  return blocks > 0 ? Math.min(size, blocks * BLOCK_BYTES) : size;
}

/**
 * Whether a folder's disk takes so many bytes more.
 * @throws RivuletError `storage-full`, saying how much is missing.
 */
export async function checkRoom(folder: string, neededBytes: number, freeBytes = freeBytesOf): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= neededBytes) return;
  throw new RivuletError(
    "storage-full",
    `There is not enough room in "${folder}": ${formatBytes(neededBytes)} are needed, ${formatBytes(free)} are free. ` +
      `Make room for ${formatBytes(neededBytes - free)}, or choose another folder with --out.`,
  );
}

/** What a user without privileges may write; a disk that does not tell is tried. */
async function freeBytesOf(folder: string): Promise<number> {
  const stats = await statfs(folder).catch(() => undefined);
  return stats ? stats.bavail * stats.bsize : Number.POSITIVE_INFINITY;
}
