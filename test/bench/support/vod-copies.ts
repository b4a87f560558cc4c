import type { BenchOptions } from "./bench-options.ts";
import type { Engine } from "./engines.ts";
import { fieldName, figure, mean, printTable, sum, told } from "./figures.ts";
import { type FilmSite, filmSite } from "./film-site.ts";
import { openMedia } from "./media-library.ts";
import { film } from "./media-recipes.ts";
import { copies, type Round, swarmRound } from "./swarm-round.ts";
import { tellRound } from "./told-round.ts";
import { HOME_LINE, openVideoStage, type VideoStage } from "./video-stage.ts";

/** Between two arrivals, ms. */
const ARRIVALS = { simultaneous: 0, staggered: 5000 } as const;

type Arrival = keyof typeof ARRIVALS;

interface Measured {
  readonly engine: Engine;
  readonly viewers: number;
  readonly arrival: Arrival;
  readonly copies: number;
  readonly round: Round;
}

/** How many copies of each segment leave the origin when several viewers watch the same film. */
export async function copiesCase(options: BenchOptions): Promise<Record<string, unknown>> {
  const { container, segments, playlist } = options;
  const site = await filmSite({ media: await openMedia(film(container)), segments, playlist });
  const stage = await openVideoStage({ engines: options.engines, files: site.files });
  try {
    const measured = await measure(stage, site, options);
    report(measured);
    const figures = options.viewers.flatMap((viewers) =>
      options.engines.map((engine) => worse(measured, engine, viewers)),
    );
    return Object.assign({ line: HOME_LINE, segments: site.segments.length }, ...figures);
  } finally {
    await stage.close();
  }
}

async function measure(stage: VideoStage, site: FilmSite, options: BenchOptions): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let run = 0; run < options.runs; run++)
    for (const viewers of options.viewers)
      for (const arrival of ["simultaneous", "staggered"] as const)
        for (const engine of options.engines) {
          // Without peers every viewer gets everything from the origin: once is enough to see that.
          if (engine === "plain" && run > 0) continue;
          const staggerMs = ARRIVALS[arrival];
          const round = await swarmRound({ stage, film: site, engine, viewers, staggerMs });
          const one = { engine, viewers, arrival, copies: copies(round.originBytes, site.segments), round };
          measured.push(one);
          const label = `${engine} ${viewers} ${arrival}`;
          tellRound({ label, round, segments: site.segments, verbose: options.verbose });
        }
  return measured;
}

function report(measured: readonly Measured[]): void {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = `${one.viewers} viewers, ${one.arrival}, ${one.engine}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups].map(([key, list]) => [
    key,
    told(list.map((one) => one.copies)),
    sum(list.map(stallsOf)),
    Math.round(mean(list.flatMap(({ round }) => round.reports.map((one) => one.firstFrameMs ?? 0)))),
    sum(list.map(({ round }) => round.hung)),
  ]);
  printTable(["VOD", "copies per segment", "stalls", "first frame, ms", "hung"], rows);
}

function stallsOf({ round }: Measured): number {
  return sum(round.reports.map(({ stalls }) => stalls));
}

/** The arrival that costs the origin more, by its median. */
function worse(measured: readonly Measured[], engine: Engine, viewers: number): Record<string, unknown> {
  const of = (arrival: Arrival) =>
    measured
      .filter((one) => one.engine === engine && one.viewers === viewers && one.arrival === arrival)
      .map((one) => one.copies);
  const name = fieldName(engine, `copiesPerSegment${viewers}`);
  const both = [figure(name, of("simultaneous")), figure(name, of("staggered"))];
  const [worst = {}] = both.sort((a, b) => Number(b[name]) - Number(a[name]));
  return {
    ...worst,
    ...figure(`${name}Simultaneous`, of("simultaneous")),
    ...figure(`${name}Staggered`, of("staggered")),
  };
}
