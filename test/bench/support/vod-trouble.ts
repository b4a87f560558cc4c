import { median } from "../../support/median.ts";
import type { BenchOptions } from "./bench-options.ts";
import { fieldName, figure, mean, printTable, rounded, sum, told } from "./figures.ts";
import { film, heavy } from "./media-recipes.ts";
import { copies, type Round } from "./swarm-round.ts";
import { limitUplink } from "./uplink.ts";
import { HOME_LINE, type LineOptions } from "./video-stage.ts";
import { vodRounds } from "./vod-rounds.ts";

const VIEWERS = 3;
/** 1 Mbit/s. */
const UPLINK_BYTES_PER_SECOND = 125_000;
/** Everything of the film comes after 3.5 s; the site itself is quick. */
const SLOW_ORIGIN: LineOptions = { ...HOME_LINE, latencyMs: 3500 };
/** Until then nobody has waited who will still watch, ms. */
const START_WITHIN_MS = 45_000;

/** Stalls that the engine adds when segments of 4 MB meet uplinks of 1 Mbit/s. */
export async function uplinkCase(options: BenchOptions): Promise<Record<string, unknown>> {
  const { site, rounds } = await vodRounds(options, {
    label: "slow uplinks",
    recipe: heavy(options.container),
    playlist: options.playlist,
    watched: {
      viewers: VIEWERS,
      staggerMs: 2000,
      prepare: (page) => limitUplink(page, UPLINK_BYTES_PER_SECOND),
    },
  });
  printTable(
    ["Uplinks of 1 Mbit/s, 4 MB segments", "stalls", "stalled, s", "copies", "did not end"],
    [...rounds].map(([engine, list]) => [
      engine,
      told(list.map(stallsOf)),
      told(list.map(({ reports }) => sum(reports.map(({ stallMs }) => stallMs)) / 1000)),
      told(list.map(({ originBytes }) => copies(originBytes, site.segments))),
      sum(list.map(({ hung }) => hung)),
    ]),
  );
  const plain = rounds.get("plain");
  const figures = [...rounds].map(([engine, list]) => ({
    ...figure(fieldName(engine, "uplinkStalls"), list.map(stallsOf)),
    ...(engine === "plain" || !plain
      ? {}
      : { [fieldName(engine, "stallsAdded")]: median(list.map(stallsOf)) - median(plain.map(stallsOf)) }),
  }));
  return Object.assign({}, ...figures);
}

/** When the first frame comes from an origin that takes 3.5 s for the first byte of everything. */
export async function slowOriginCase(options: BenchOptions): Promise<Record<string, unknown>> {
  const { rounds } = await vodRounds(options, {
    label: "slow origin",
    recipe: film(options.container),
    playlist: options.playlist,
    watched: {
      viewers: VIEWERS,
      staggerMs: 0,
      filmLine: SLOW_ORIGIN,
      done: ({ firstFrameMs }) => firstFrameMs !== null,
      timeoutMs: START_WITHIN_MS,
    },
  });
  const starts = new Map([...rounds].map(([engine, list]) => [engine, list.map(firstFrameOf)]));
  printTable(
    ["Origin with 3.5 s to the first byte", "first frame, s", "never started"],
    [...rounds].map(([engine, list]) => [
      engine,
      told(list.map((round) => firstFrameOf(round) / 1000)),
      sum(list.map(({ hung }) => hung)),
    ]),
  );
  const plain = starts.get("plain") ?? [];
  const figures = [...rounds].map(([engine, list]) => ({
    ...figure(fieldName(engine, "slowOriginFirstFrameMs"), starts.get(engine) ?? []),
    [fieldName(engine, "slowOriginNeverStarted")]: sum(list.map(({ hung }) => hung)),
    ...(engine === "plain" || plain.length === 0
      ? {}
      : { [fieldName(engine, "slowOriginRatio")]: rounded(ratio(starts.get(engine) ?? [], plain)) }),
  }));
  return Object.assign({}, ...figures);
}

function stallsOf({ reports }: Round): number {
  return sum(reports.map(({ stalls }) => stalls));
}

/** The viewers' mean; who never started counts with all the time that it was given. */
function firstFrameOf({ reports }: Round): number {
  return mean(reports.map(({ firstFrameMs }) => firstFrameMs ?? START_WITHIN_MS));
}

/** The median of the runs' own ratios. */
function ratio(values: readonly number[], plain: readonly number[]): number {
  return median(values.map((value, run) => value / (plain[run] ?? Number.NaN)));
}
