import type { Stats } from "node:fs";
import type { SharedFile } from "../../content/share/file-stream.ts";

/** Some disks keep dates no finer. */
const DATE_MS = 2000;

/** By its length and its date the file itself, from an earlier time; its pieces are compared before any of them counts. */
export function isThereAlready(
  stats: Stats | undefined,
  { sizeBytes, modifiedAt }: SharedFile,
): stats is Stats {
  if (!stats?.isFile() || modifiedAt === undefined) return false;
  return stats.size === sizeBytes && Math.abs(stats.mtimeMs - modifiedAt) < DATE_MS;
}
