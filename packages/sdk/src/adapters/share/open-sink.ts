import { RivuletError } from "../../base/errors.ts";
import { MemoryShareSink } from "./memory-sink.ts";
import { OpfsShareSink } from "./opfs-sink.ts";
import type { ShareWorker } from "./share-worker.ts";

/**
 * Where a receiver keeps a share: on disk, or in memory where the browser gives none (Firefox's private windows).
 * @throws RivuletError `share-open-elsewhere`, `storage-full`, `file-unwritable`, `worker-unavailable`.
 */
export async function openShareSink(
  worker: ShareWorker,
  share: string,
): Promise<OpfsShareSink | MemoryShareSink> {
  try {
    return await OpfsShareSink.claim(worker, share);
  } catch (why) {
    if (why instanceof RivuletError && why.code === "storage-unavailable")
      return new MemoryShareSink({ why });
    throw why;
  }
}
