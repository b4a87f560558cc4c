import { sum } from "./figures.ts";
import type { FilmSegment } from "./film-site.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import { copiesOfChosen, type Round } from "./swarm-round.ts";

export interface ToldRound {
  readonly label: string;
  readonly round: Round;
  readonly segments: readonly FilmSegment[];
  /** Of every segment and every viewer, too. */
  readonly verbose: boolean;
}

/** Prints how a round went. */
export function tellRound({ label, round, segments, verbose }: ToldRound): void {
  const { originBytes, reports, hung } = round;
  const copies = copiesOfChosen(originBytes, segments).toFixed(2);
  const stalls = sum(reports.map((report) => report.stalls));
  const frames = reports.map(({ firstFrameMs }) =>
    firstFrameMs === null ? "never" : Math.round(firstFrameMs),
  );
  const left = hung > 0 ? `, ${hung} did not come to the end` : "";
  console.log(`${label}: ${copies} copies, ${stalls} stalls, first frames ${frames.join(" ")} ms${left}`);
  if (verbose) tellDetails(round, segments);
}

function tellDetails({ originBytes, reports, console: said }: Round, segments: readonly FilmSegment[]): void {
  const bySegment = segments.map(({ path, bytes }) => ((originBytes.get(path) ?? 0) / bytes).toFixed(1));
  console.log(`  by segment: ${bySegment.join(" ")}`);
  for (const report of reports) console.log(`  ${tellReport(report)}`);
  for (const line of new Set(said)) console.log(`  console: ${line}`);
}

function tellReport({ segments: _, ...report }: PlayerReport): string {
  return JSON.stringify(report, (_, value) => (typeof value === "number" ? Number(value.toFixed(1)) : value));
}
