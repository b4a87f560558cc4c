import { randomBytes } from "node:crypto";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { SegmentFolder } from "../../../packages/sdk/src/cli/watch/segment-folder.ts";
import { watchFolder } from "../../../packages/sdk/src/cli/watch/watch-folder.ts";
import { LiveListing } from "../../../packages/sdk/src/content/live-listing.ts";

/** Keeps the manifest of a live folder up to date. */
export interface ManifestPublisher {
  /** Resolves when it writes no more. */
  close(): Promise<void>;
}

/**
 * Does what `rivulet manifest --watch DIR` does: writes `rivulet.json` beside the playlist, and again with each segment.
 * `tell` gets a sentence when something is in its way.
 */
export async function publishManifest(
  folder: string,
  tell: (sentence: string) => void,
): Promise<ManifestPublisher> {
  const stop = new AbortController();
  const directory = await realpath(folder);
  const output = join(directory, "rivulet.json");
  const segments = new SegmentFolder({ directory, output, tell }, new LiveListing({ randomBytes }));
  const watching = watchFolder(segments, { signal: stop.signal }).catch((error: unknown) =>
    tell(String(error)),
  );
  return {
    async close() {
      stop.abort();
      await watching;
    },
  };
}
