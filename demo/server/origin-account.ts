import type { RequestLog } from "../../test/support/test-origin.ts";

/** What left the origin of one folder's content, by its own log. */
export interface OriginAccount {
  readonly sentBytes: number;
  /** How many times over: 1 when each byte that left it left it once. */
  readonly copies: number;
}

/** Playlists and manifests are no content: they come from the origin for everybody. */
const NO_CONTENT = /\.m3u8$|\/rivulet\.json$/;

export function accountOf(log: RequestLog, folder: string): OriginAccount {
  const sizes = new Map<string, number>();
  for (const { path, sizeBytes } of log.requests()) {
    if (path.startsWith(folder) && !NO_CONTENT.test(path) && sizeBytes > 0) sizes.set(path, sizeBytes);
  }
  let sentBytes = 0;
  let onceBytes = 0;
  for (const [path, sizeBytes] of sizes) {
    const bytes = log.bytes(path);
    sentBytes += bytes;
    onceBytes += Math.min(bytes, sizeBytes);
  }
  return { sentBytes, copies: sentBytes / Math.max(1, onceBytes) };
}
