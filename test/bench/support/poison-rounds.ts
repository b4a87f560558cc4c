import type { Page } from "puppeteer-core";
import type { Engine } from "./engines.ts";
import { sum } from "./figures.ts";
import type { FilmSite } from "./film-site.ts";
import { fallSilent, flipMediaBits } from "./misbehaving-peer.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import { pause } from "./swarm-round.ts";
import type { VideoStage } from "./video-stage.ts";
import type { VideoViewer } from "./video-viewer.ts";
import { wrongBytes } from "./wrong-bytes.ts";

/** How the honest viewers fared. */
export interface PoisonRound {
  readonly wrongBytes: number;
  readonly handedBytes: number;
  readonly stalls: number;
  readonly stallMs: number;
  /** Viewers that did not come to the end of the film. */
  readonly hung: number;
  readonly fromPeersBytes: number;
  /** From the servers' return until every viewer is connected to all others, ms; null when it never was. */
  readonly remeshMs: number | null;
  /** The same for each viewer: the two who were there, the one who came in the outage, the one who came after. */
  readonly meshedMs: readonly (number | null)[];
}

export interface PoisonOptions {
  readonly stage: VideoStage;
  readonly site: FilmSite;
  readonly engine: Engine;
}

/** A minute more than the film lasts. */
const GRACE_MS = 60_000;
const HONEST = 2;
/** In the midst of a piece, and of a segment. */
const MESSAGES_BEFORE_SILENCE = 5;
const OUTAGE_MS = 10_000;
const REMESH_WITHIN_MS = 60_000;

let rounds = 0;

export function flippedBits(options: PoisonOptions): Promise<PoisonRound> {
  return withBadPeer(options, flipMediaBits);
}

export function silence(options: PoisonOptions): Promise<PoisonRound> {
  return withBadPeer(options, (page) => fallSilent(page, MESSAGES_BEFORE_SILENCE));
}

/** The bad peer is there first: it has everything first, and the others turn to it. */
async function withBadPeer(
  options: PoisonOptions,
  misbehave: (page: Page) => Promise<void>,
): Promise<PoisonRound> {
  const visit = opener(options);
  const viewers: VideoViewer[] = [];
  try {
    const bad = await visit(misbehave);
    viewers.push(bad);
    await bad.until(({ firstFrameMs }) => firstFrameMs !== null, GRACE_MS);
    await pause(2000);
    const honest = await Promise.all(Array.from({ length: HONEST }, () => visit()));
    viewers.push(...honest);
    return await watchToTheEnd(options.site, honest, []);
  } finally {
    for (const viewer of viewers) await viewer.close().catch(() => undefined);
  }
}

/** Two viewers watch, a third comes while nobody can introduce it, a fourth when that is over. */
export async function outage(options: PoisonOptions): Promise<PoisonRound> {
  const { stage, site } = options;
  const visit = opener(options);
  const viewers: VideoViewer[] = [];
  try {
    viewers.push(await visit(), await visit());
    for (const viewer of viewers) await viewer.until(({ firstFrameMs }) => firstFrameMs !== null, GRACE_MS);
    await pause(2000);
    await stage.cutIntroducers();
    const cutAt = performance.now();
    viewers.push(await visit());
    await pause(cutAt + OUTAGE_MS - performance.now());
    await stage.mendIntroducers();
    const backAt = performance.now();
    viewers.push(await visit());
    const others = viewers.length - 1;
    const meshedMs = await Promise.all(
      viewers.map(async (viewer) => {
        const isMeshed = ({ traffic }: PlayerReport) => (traffic?.peers ?? 0) >= others;
        const { inTime } = await viewer.until(isMeshed, REMESH_WITHIN_MS);
        return inTime ? Math.round(performance.now() - backAt) : null;
      }),
    );
    return await watchToTheEnd(site, viewers, meshedMs);
  } finally {
    await stage.mendIntroducers();
    for (const viewer of viewers) await viewer.close().catch(() => undefined);
  }
}

function opener({ stage, site, engine }: PoisonOptions) {
  const swarm = `poison-${++rounds}`;
  const { playlist, manifest } = site;
  return (prepare?: (page: Page) => Promise<void>) =>
    stage.open({
      engine,
      playlist,
      manifest,
      swarm,
      hash: true,
      ...(prepare === undefined ? {} : { prepare }),
    });
}

async function watchToTheEnd(
  site: FilmSite,
  viewers: readonly VideoViewer[],
  meshedMs: readonly (number | null)[],
): Promise<PoisonRound> {
  const outcomes = await Promise.all(
    viewers.map((viewer) =>
      viewer
        .until(({ bufferedToEnd }) => bufferedToEnd, site.seconds * 1000 + GRACE_MS)
        .catch(() => undefined),
    ),
  );
  // The last segment's hash is under way.
  await pause(300);
  const answers = await Promise.all(viewers.map((viewer) => viewer.report().catch(() => undefined)));
  const reports: PlayerReport[] = answers.filter((report) => report !== undefined);
  const { handed, wrong } = wrongBytes(site, reports);
  return {
    wrongBytes: wrong,
    handedBytes: handed,
    stalls: sum(reports.map(({ stalls }) => stalls)),
    stallMs: sum(reports.map(({ stallMs }) => stallMs)),
    hung: outcomes.filter((outcome) => !outcome?.inTime).length,
    fromPeersBytes: sum(reports.map(({ traffic }) => traffic?.peerBytes ?? 0)),
    remeshMs: latest(meshedMs),
    meshedMs,
  };
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((ms) => ms !== null);
  return times.length > 0 && known.length === times.length ? Math.max(...known) : null;
}
