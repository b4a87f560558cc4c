import type { TestOrigin } from "../../support/test-origin.ts";
import type { Engine } from "./engines.ts";
import { sum } from "./figures.ts";
import type { FilmSegment, FilmSite } from "./film-site.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import type { LineOptions, VideoStage } from "./video-stage.ts";
import type { VideoViewer, VisitOptions } from "./video-viewer.ts";

/** What a viewer may take longer than the film before it counts as hung, ms. */
const GRACE_MS = 60_000;

export interface RoundOptions {
  readonly stage: VideoStage;
  readonly film: FilmSite;
  readonly engine: Engine;
  readonly viewers: number;
  /** Between the arrivals of two viewers, ms; 0: all at once. */
  readonly staggerMs: number;
  /** Lines by viewer, in turn; the common one when there are none. */
  readonly lines?: readonly LineOptions[];
  readonly prepare?: VisitOptions["prepare"];
  /** For the film alone, where the rest of the site is quick. */
  readonly filmLine?: LineOptions;
  readonly hash?: boolean;
  /** When a viewer is done; when its buffer reaches the end of the film by default. */
  readonly done?: (report: PlayerReport) => boolean;
  /** After so long a viewer counts as hung, ms; a minute more than the film takes by default. */
  readonly timeoutMs?: number;
}

/** What became of one swarm that watched one film. */
export interface Round {
  /** Bytes of segments that left the origin, by path. */
  readonly originBytes: ReadonlyMap<string, number>;
  readonly reports: readonly PlayerReport[];
  /** Viewers that did not come to the end. */
  readonly hung: number;
  readonly console: readonly string[];
}

let rounds = 0;

/** Several viewers watch a film; the round is over as soon as each has it all. */
export async function swarmRound(options: RoundOptions): Promise<Round> {
  const { stage, film, engine, staggerMs, done = ({ bufferedToEnd }) => bufferedToEnd } = options;
  const swarm = `round-${++rounds}`;
  stage.origin.log.reset();
  const watched: { readonly viewer: VideoViewer; readonly outcome: Promise<PlayerReport | undefined> }[] = [];
  const { timeoutMs = film.seconds * 1000 + GRACE_MS, filmLine, prepare, hash = false } = options;
  const arrive = async (index: number) => {
    await pause(index * staggerMs);
    const line = options.lines?.[index % options.lines.length];
    const viewer = await stage.open({
      engine,
      swarm,
      playlist: film.playlist,
      manifest: film.manifest,
      hash,
      ...(line === undefined ? {} : { line }),
      ...(filmLine === undefined ? {} : { filmLine }),
      ...(prepare === undefined ? {} : { prepare }),
    });
    const outcome = viewer.until(done, timeoutMs).then(
      ({ report, inTime }) => (inTime ? report : undefined),
      (error: unknown) => {
        console.error("A viewer's page failed:", error);
        return undefined;
      },
    );
    watched.push({ viewer, outcome });
    await outcome;
  };
  try {
    await Promise.all(Array.from({ length: options.viewers }, (_, index) => arrive(index)));
    const reports = await Promise.all(watched.map(({ viewer }) => viewer.report().catch(() => undefined)));
    const outcomes = await Promise.all(watched.map(({ outcome }) => outcome));
    return {
      originBytes: bytesByPath(stage.origin, film.segments),
      reports: reports.filter((report) => report !== undefined),
      hung: outcomes.filter((outcome) => outcome === undefined).length,
      console: watched.flatMap(({ viewer }) => viewer.console),
    };
  } finally {
    for (const { viewer } of watched) await viewer.close().catch(() => undefined);
    // What was cancelled with the pages is to be over before the next round counts.
    await pause(500);
  }
}

/** Bytes that left the origin ÷ bytes of what they are bytes of, over all of these segments. */
export function copies(originBytes: ReadonlyMap<string, number>, segments: readonly FilmSegment[]): number {
  return sentBytes(originBytes, segments) / sum(segments.map(({ bytes }) => bytes));
}

/** The same where viewers choose among renditions: of what nobody fetched, or only a part, only that part counts. */
export function copiesOfChosen(
  originBytes: ReadonlyMap<string, number>,
  segments: readonly FilmSegment[],
): number {
  const once = segments.map(({ path, bytes }) => Math.min(bytes, originBytes.get(path) ?? 0));
  return sentBytes(originBytes, segments) / Math.max(1, sum(once));
}

export function sentBytes(
  originBytes: ReadonlyMap<string, number>,
  segments: readonly FilmSegment[],
): number {
  return sum(segments.map(({ path }) => originBytes.get(path) ?? 0));
}

function bytesByPath(origin: TestOrigin, segments: readonly FilmSegment[]): Map<string, number> {
  return new Map(segments.map(({ path }) => [path, origin.log.bytes(path)]));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
