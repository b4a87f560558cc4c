import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engines.ts";
import { sum } from "./figures.ts";
import { LiveChannel } from "./live-channel.ts";
import { startManifestWatcher } from "./manifest-watcher.ts";
import type { Media } from "./media-library.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import { pause } from "./swarm-round.ts";
import type { VideoStage } from "./video-stage.ts";
import type { VideoViewer } from "./video-viewer.ts";

/** Who has no picture after so long counts as hung, ms. */
const JOIN_WITHIN_MS = 30_000;

/**
 * Together, viewers ask for the playlist in the same moment, again and again; otherwise their requests spread over a
 * segment's time, as those of strangers do.
 */
export type Arrival = "together" | "spread";

export interface LiveRoundOptions {
  readonly stage: VideoStage;
  /** The folder that the stage serves at `/`. */
  readonly root: string;
  readonly media: Media;
  readonly engine: Engine;
  readonly viewers: number;
  readonly arrival: Arrival;
  readonly windowSegments: number;
  /** How many segments, published after everybody has joined, are counted. */
  readonly countedSegments: number;
}

export interface LiveRound {
  /** Bytes that left the origin ÷ bytes, over the counted segments, and of each. */
  readonly copies: number;
  readonly bySegment: readonly number[];
  readonly reports: readonly PlayerReport[];
  /** Viewers that had no picture in time, or do not answer. */
  readonly hung: number;
  readonly console: readonly string[];
}

let rounds = 0;

/** Several viewers watch a channel that begins with them. */
export async function liveRound(options: LiveRoundOptions): Promise<LiveRound> {
  const { stage, root, media, engine, viewers: count, arrival, windowSegments, countedSegments } = options;
  const at = `live-${++rounds}`;
  const folder = join(root, at);
  const channel = new LiveChannel({ media, folder, windowSegments });
  const viewers: VideoViewer[] = [];
  let watcher: { stop(): Promise<void> } | undefined;
  try {
    await channel.start();
    if (engine === "rivulet") watcher = await startManifestWatcher(folder);
    stage.origin.log.reset();
    const playlist = `/${at}/index.m3u8`;
    const joined: Promise<boolean>[] = [];
    for (let index = 0; index < count; index++) {
      if (index > 0 && arrival === "spread") await pause(channel.segmentMs / count);
      joined.push(
        stage.open({ engine, playlist, manifest: `/${at}/rivulet.json`, swarm: at }).then(async (viewer) => {
          viewers.push(viewer);
          const { inTime } = await viewer.until(({ firstFrameMs }) => firstFrameMs !== null, JOIN_WITHIN_MS);
          return inTime;
        }),
      );
    }
    const seen = await Promise.all(joined);
    const first = channel.published.length;
    const last = first + countedSegments;
    // While the playlist names a segment, somebody may still fetch it.
    if (!(await channel.until(last + windowSegments)))
      throw new Error(`${media.recipe.name} is too short for ${countedSegments} segments.`);
    await pause(channel.segmentMs / 2);
    const counted = channel.published.slice(first, last);
    const sent = counted.map(({ name }) => stage.origin.log.bytes(`/${at}/${name}`));
    const answers = await Promise.all(viewers.map((viewer) => viewer.report().catch(() => undefined)));
    const reports = answers.filter((report) => report !== undefined);
    return {
      copies: sum(sent) / sum(counted.map(({ bytes }) => bytes)),
      bySegment: sent.map((bytes, index) => bytes / (counted[index]?.bytes ?? 1)),
      reports,
      hung: seen.filter((inTime) => !inTime).length + count - reports.length,
      console: viewers.flatMap((viewer) => viewer.console),
    };
  } finally {
    await channel.stop();
    for (const viewer of viewers) await viewer.close().catch(() => undefined);
    await watcher?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
