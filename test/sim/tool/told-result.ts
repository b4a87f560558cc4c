import { second } from "#sdk/base/time.ts";
import { percentile } from "./percentile.ts";
import type { Scenario, ScenarioResult } from "./scenario.ts";

/** A result, and what it cost to get it. */
export interface ToldResult {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly peers: number;
  readonly result: ScenarioResult;
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
}

/** What a person reads: each figure with its goal, then completion times beside the bound. */
export function table({ result, wallSeconds, peakRssBytes }: ToldResult): string {
  const rows = [["figure", "measured", "goal", "meaning"]];
  for (const { name, value, goal, meaning } of result.figures)
    rows.push([name, number(value), goal ?? "", meaning]);
  const times = [["completion, s", "p50", "p90", "p99", "last", "fluid bound"]];
  for (const { name, values } of result.completions) {
    const at = (share: number) => (percentile(values, share) / second).toFixed(2);
    times.push([name, at(0.5), at(0.9), at(0.99), at(1), (result.boundMs / second).toFixed(2)]);
  }
  const cost = `${result.steps} engine steps at ${number(stepsPerSecond(result))} a second; ${wallSeconds.toFixed(1)} s of wall time, ${(result.stepMs / second).toFixed(1)} s of it in the engines; ${(peakRssBytes / 2 ** 20).toFixed(0)} MiB at most`;
  return `\n${columns(rows)}\n\n${columns(times)}\n\n${cost}`;
}

/** What a program reads: one line. */
export function jsonLine({ scenario, seed, peers, result, wallSeconds, peakRssBytes }: ToldResult): string {
  return JSON.stringify({
    scenario: scenario.name,
    seed,
    peers,
    boundMs: rounded(result.boundMs),
    ...Object.fromEntries(result.figures.map(({ name, value }) => [name, rounded(value)])),
    engineSteps: result.steps,
    engineStepsPerSecond: Math.round(stepsPerSecond(result)),
    wallSeconds: rounded(wallSeconds),
    peakRssBytes,
  });
}

function stepsPerSecond({ steps, stepMs }: ScenarioResult): number {
  return stepMs === 0 ? 0 : (steps * second) / stepMs;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(4);
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
