import { median } from "../../support/median.ts";
import type { Engine } from "./engines.ts";

/** A figure and its range, for the last line of a bench. */
export function figure(name: string, values: readonly number[]): Record<string, unknown> {
  if (values.length === 0) return {};
  return { [name]: rounded(median(values)), [`${name}Range`]: range(values) };
}

export function range(values: readonly number[]): readonly [number, number] {
  return [rounded(Math.min(...values)), rounded(Math.max(...values))];
}

export function rounded(value: number): number {
  return Number(value.toFixed(3));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/** A table with a head, for people. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  console.log();
  for (const row of texts)
    console.log(
      row
        .map((text, column) =>
          column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join("  "),
    );
  console.log();
}

/** "1.05 (1.02–1.11)" */
export function told(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const [least, most] = range(values);
  return `${median(values).toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Rivulet's figures have the bare name; the others' begin with the engine's. */
export function fieldName(engine: Engine, name: string): string {
  return engine === "rivulet" ? name : `${engine}${name[0]?.toUpperCase()}${name.slice(1)}`;
}
