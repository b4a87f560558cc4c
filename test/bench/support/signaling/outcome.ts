import { median } from "../../../support/median.ts";
import { range } from "../figures.ts";

/** A row for people: what it is of, and its cells. */
export type Row = readonly (string | number)[];

/** What a case leaves: a table, fields of the last line, and doubts about the measurement itself. */
export interface Outcome {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly Row[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly doubts: readonly string[];
}

/** "7,012 (6,900–7,100)" */
export function many(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const [least, most] = range(values);
  return `${whole(median(values))} (${whole(least)}–${whole(most)})`;
}

export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** Of each run, the quotient of what was measured in turns. */
export function ratios(values: readonly number[], to: readonly number[]): number[] {
  return values.map((value, run) => value / (to[run] ?? Number.NaN)).filter(Number.isFinite);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
