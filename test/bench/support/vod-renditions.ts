import { median } from "../../support/median.ts";
import type { BenchOptions } from "./bench-options.ts";
import type { Engine } from "./engines.ts";
import { fieldName, figure, mean, printTable, rounded, sum, told } from "./figures.ts";
import { ladder } from "./media-recipes.ts";
import { copiesOfChosen, type Round } from "./swarm-round.ts";
import type { LineOptions } from "./video-stage.ts";
import { vodRounds } from "./vod-rounds.ts";

/** One for each rendition; two viewers have each. 16, 3 and 1 Mbit/s. */
const LINES: readonly LineOptions[] = [
  { latencyMs: 40, bytesPerSecond: 2_000_000 },
  { latencyMs: 40, bytesPerSecond: 375_000 },
  { latencyMs: 40, bytesPerSecond: 125_000 },
];
const VIEWERS = 2 * LINES.length;

interface Measured {
  readonly copies: number;
  readonly round: Round;
}

/** Copies of each segment of each rendition, when lines differ; and whether the player switches as it does alone. */
export async function renditionsCase(options: BenchOptions): Promise<Record<string, unknown>> {
  const { site, rounds } = await vodRounds(options, {
    label: "renditions",
    recipe: ladder(options.container),
    playlist: "master",
    watched: { viewers: VIEWERS, staggerMs: 0, lines: LINES },
  });
  const of = (engine: Engine): readonly Measured[] =>
    (rounds.get(engine) ?? []).map((round) => ({
      copies: copiesOfChosen(round.originBytes, site.segments),
      round,
    }));
  printTable(
    ["Renditions, 2 viewers a line", "copies", "switches", "mean rendition", "stalls"],
    options.engines.map((engine) => [
      engine,
      told(of(engine).map(({ copies }) => copies)),
      told(of(engine).map(switchesOf)),
      rounded(mean(of(engine).map(meanLevelOf))),
      sum(of(engine).flatMap(({ round }) => round.reports.map(({ stalls }) => stalls))),
    ]),
  );
  const figures = options.engines.map((engine) => figuresOf(engine, of(engine), of("plain")));
  return Object.assign({ renditionLines: LINES }, ...figures);
}

function figuresOf(
  engine: Engine,
  measured: readonly Measured[],
  plain: readonly Measured[],
): Record<string, unknown> {
  const name = (own: string) => fieldName(engine, own);
  const switches = measured.map(switchesOf);
  const added =
    engine === "plain" || plain.length === 0
      ? {}
      : { [name("switchesAdded")]: rounded(median(switches) - median(plain.map(switchesOf))) };
  return {
    ...figure(
      name("copiesPerRendition"),
      measured.map(({ copies }) => copies),
    ),
    ...figure(name("switches"), switches),
    ...added,
    ...figure(name("meanRendition"), measured.map(meanLevelOf)),
  };
}

/** Of all viewers together. */
function switchesOf({ round }: Measured): number {
  return sum(round.reports.map(({ switches }) => switches));
}

function meanLevelOf({ round }: Measured): number {
  return mean(round.reports.map(({ meanLevel }) => meanLevel));
}
