import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { LiveListing } from "../../content/live-listing.ts";
import type { Terminal } from "../command.ts";
import { rootOf } from "../list-files.ts";
import { outputLocation } from "../output-file.ts";
import { readEarlierManifest } from "./earlier-manifest.ts";
import { SegmentFolder } from "./segment-folder.ts";
import { watchFolder } from "./watch-folder.ts";

export interface WatchPlan {
  readonly directory: string;
  /** Absolute URL that ends in a slash. */
  readonly base: string | undefined;
  /** Where the manifest goes; when absent, to rivulet.json in the folder. */
  readonly out: string | undefined;
  readonly exclude: readonly string[];
  /** How many files the manifest lists at most; when absent, 64. */
  readonly keep: number | undefined;
}

/**
 * Keeps the manifest of a live packager's folder until SIGINT or SIGTERM.
 * @throws RivuletError `file-unreadable` or `bad-option` when the folder, or the manifest's, is missing.
 */
export async function runWatch(plan: WatchPlan, { stderr }: Terminal): Promise<void> {
  const { base, exclude, keep } = plan;
  const directory = await rootOf(plan.directory);
  const output = await outputLocation(plan.out ?? join(directory, "rivulet.json"));
  const tell = (sentence: string): void => {
    stderr.write(`${sentence}\n`);
  };
  const earlier = await readEarlierManifest(output, tell);
  const manifest = new LiveListing({ base, continued: earlier, randomBytes });
  const limits = keep === undefined ? {} : { keep };
  const folder = new SegmentFolder({ directory, output, base, exclude, limits, tell }, manifest);

  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    const story = earlier ? "goes on with" : "begins";
    tell(
      `Watching ${plan.directory}: ${output} ${story} the live stream ${manifest.stream}. Ctrl-C ends it.`,
    );
    await watchFolder(folder, { signal: stop.signal });
    tell(`Ended. ${output} lists ${manifest.size} file(s), and the next run goes on with its stream.`);
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}
