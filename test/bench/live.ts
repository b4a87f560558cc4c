// Copies of a live stream's segments that leave the origin, and how far behind the live edge its viewers are.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchOptions, benchOptions } from "./support/bench-options.ts";
import type { Engine } from "./support/engines.ts";
import { fieldName, figure, mean, printTable, sum, told } from "./support/figures.ts";
import { type Arrival, type LiveRound, liveRound } from "./support/live-round.ts";
import { type Media, openMedia } from "./support/media-library.ts";
import { brisk, film } from "./support/media-recipes.ts";
import { HOME_LINE, openVideoStage, type VideoStage } from "./support/video-stage.ts";

/** The window of the playlist: segments × seconds. */
const WINDOWS = {
  "6x4": { recipe: film, windowSegments: 6, countedSegments: 12 },
  "10x1": { recipe: brisk, windowSegments: 10, countedSegments: 30 },
} as const;

type Window = keyof typeof WINDOWS;
const NAMES: readonly Window[] = ["6x4", "10x1"];
const ARRIVALS: readonly Arrival[] = ["together", "spread"];

interface Measured {
  readonly engine: Engine;
  readonly window: Window;
  readonly arrival: Arrival;
  readonly round: LiveRound;
}

async function main(): Promise<void> {
  const options = benchOptions({ viewers: [3], cases: NAMES });
  const {
    runs,
    container,
    engines,
    viewers: [viewers = 3],
  } = options;
  const windows = NAMES.filter((name) => options.only.length === 0 || options.only.includes(name));
  const root = await mkdtemp(join(tmpdir(), "rivulet-live-"));
  const measured: Measured[] = [];
  try {
    const stage = await openVideoStage({ engines, root });
    try {
      for (const window of windows) await measure({ stage, root, options, window, measured });
    } finally {
      await stage.close();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  const groups = windows.flatMap((window) =>
    engines.flatMap((engine) => ARRIVALS.map((arrival) => groupOf(measured, { window, engine, arrival }))),
  );
  printTable(
    ["Live", "copies per segment", "behind, s", "wished, s", "stalls", "hung"],
    groups.map(({ window, engine, arrival, rounds }) => [
      `${window}, ${viewers} viewers, ${arrival}, ${engine}`,
      told(rounds.map(({ copies }) => copies)),
      told(rounds.map((round) => latencyOf(round) / 1000)),
      told(rounds.map((round) => mean(round.reports.map((one) => (one.targetLatencyMs ?? 0) / 1000)))),
      told(rounds.map(stallsOf)),
      sum(rounds.map(({ hung }) => hung)),
    ]),
  );
  const figures = windows.flatMap((window) =>
    engines.map((engine) =>
      figuresOf(groups.filter((group) => group.window === window && group.engine === engine)),
    ),
  );
  console.log(
    JSON.stringify(Object.assign({ bench: "live", runs, viewers, container, line: HOME_LINE }, ...figures)),
  );
}

interface Group extends Omit<Measured, "round"> {
  readonly rounds: readonly LiveRound[];
}

function groupOf(measured: readonly Measured[], { window, engine, arrival }: Omit<Group, "rounds">): Group {
  const rounds = measured
    .filter((one) => one.window === window && one.engine === engine && one.arrival === arrival)
    .map(({ round }) => round);
  return { window, engine, arrival, rounds };
}

/** Of one engine and one window: the arrival that costs the origin more, by its median; the rest of both arrivals. */
function figuresOf(groups: readonly Group[]): Record<string, unknown> {
  const [first] = groups;
  if (!first) return {};
  const { engine, window } = first;
  const name = fieldName(engine, `copiesPerSegment${window}`);
  const each = groups.map(({ rounds }) =>
    figure(
      name,
      rounds.map(({ copies }) => copies),
    ),
  );
  const [worst = {}] = [...each].sort((a, b) => Number(b[name]) - Number(a[name]));
  const all = groups.flatMap(({ rounds }) => rounds);
  return {
    ...worst,
    ...figure(fieldName(engine, `latencyMs${window}`), all.map(latencyOf)),
    ...figure(fieldName(engine, `stalls${window}`), all.map(stallsOf)),
  };
}

async function measure(given: {
  readonly stage: VideoStage;
  readonly root: string;
  readonly options: BenchOptions;
  readonly window: Window;
  readonly measured: Measured[];
}): Promise<void> {
  const { stage, root, options, window, measured } = given;
  const { recipe, windowSegments, countedSegments } = WINDOWS[window];
  const media: Media = await openMedia(recipe(options.container));
  const [viewers = 3] = options.viewers;
  for (let run = 0; run < options.runs; run++)
    for (const arrival of ARRIVALS)
      for (const engine of options.engines) {
        // Without peers every viewer gets everything from the origin: once is enough to see that.
        if (engine === "plain" && run > 0) continue;
        const round = await liveRound({
          stage,
          root,
          media,
          engine,
          viewers,
          arrival,
          windowSegments,
          countedSegments: options.segments ?? countedSegments,
        });
        measured.push({ engine, window, arrival, round });
        tell(`${engine} ${window} ${arrival}`, round, options.verbose);
      }
}

function tell(label: string, round: LiveRound, verbose: boolean): void {
  const behind = round.reports.map(({ latencyMs }) => ((latencyMs ?? 0) / 1000).toFixed(1)).join(" ");
  const hung = round.hung > 0 ? `, ${round.hung} hung` : "";
  console.log(
    `${label}: ${round.copies.toFixed(2)} copies, ${stallsOf(round)} stalls, behind ${behind} s${hung}`,
  );
  if (!verbose) return;
  console.log(`  by segment: ${round.bySegment.map((copies) => copies.toFixed(1)).join(" ")}`);
  for (const { segments: _, ...report } of round.reports) console.log(`  ${JSON.stringify(report)}`);
  for (const line of new Set(round.console)) console.log(`  console: ${line}`);
}

function latencyOf({ reports }: LiveRound): number {
  return mean(reports.map(({ latencyMs }) => latencyMs ?? 0));
}

function stallsOf({ reports }: LiveRound): number {
  return sum(reports.map(({ stalls }) => stalls));
}

await main();
