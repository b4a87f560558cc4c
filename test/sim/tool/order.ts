import { parseArgs } from "node:util";
import type { Scenario } from "./scenario.ts";

/** What the command line asks for. */
export interface Order {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly peers: number;
  /** Where the chart goes. */
  readonly folder: string;
}

/** Reads the command line; `problem` says what is wrong with it, and is empty when nothing was asked for. */
export function readOrder(
  args: readonly string[],
  scenarios: readonly Scenario[],
): Order | { readonly problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { seed: { type: "string" }, peers: { type: "string" }, out: { type: "string" } },
    });
    const [name, ...rest] = positionals;
    if (name === undefined) return { problem: "" };
    const scenario = scenarios.find((one) => one.name === name);
    if (!scenario) return { problem: `There is no scenario ${name}.` };
    if (rest.length > 0) return { problem: `One scenario at a time: ${rest.join(" ")} is too much.` };
    const seed = whole("seed", values.seed ?? "1", 0);
    const peers = whole("peers", values.peers ?? `${scenario.peers}`, 2);
    return { scenario, seed, peers, folder: values.out ?? "sim-results" };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : `${error}` };
  }
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${option} takes a whole number of at least ${least}, not ${text}.`);
}
