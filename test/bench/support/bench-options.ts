import { parseArgs } from "node:util";
import { ENGINES, type Engine } from "./engines.ts";
import type { Container } from "./media-recipes.ts";

/** How a video bench is called; every one takes the same options, and ignores those that mean nothing to it. */
export interface BenchOptions {
  readonly runs: number;
  readonly engines: readonly Engine[];
  /** Sizes of the swarms. */
  readonly viewers: readonly number[];
  readonly segments: number | undefined;
  readonly container: Container;
  /** The parts of the bench to run; all when empty. */
  readonly only: readonly string[];
  /** `media`: the rendition's own playlist, for which hls.js buffers 30 s ahead; `master`: one that tells its bit rate. */
  readonly playlist: "media" | "master";
  readonly verbose: boolean;
}

const USAGE = `Options:
  --runs N           how often everything is measured (5); a number alone means the same
  --only ENGINE      plain, rivulet or p2pml; several separated by commas (all three)
  --viewers N        sizes of the swarms, separated by commas
  --segments N       play only so many segments
  --cases NAME       run only these parts, separated by commas
  --container NAME   fmp4 or ts (fmp4)
  --playlist NAME    media or master: what the player is given, where there is one rendition (media)
  --verbose          tell of every viewer`;

/** Reads the command line; a mistake ends the program with the list of options. */
export function benchOptions(defaults: {
  readonly viewers: readonly number[];
  readonly cases: readonly string[];
}) {
  try {
    return read(defaults);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return process.exit(2);
  }
}

function read(defaults: {
  readonly viewers: readonly number[];
  readonly cases: readonly string[];
}): BenchOptions {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      only: { type: "string" },
      viewers: { type: "string" },
      segments: { type: "string" },
      cases: { type: "string" },
      container: { type: "string", default: "fmp4" },
      playlist: { type: "string", default: "media" },
      verbose: { type: "boolean", default: false },
    },
  });
  const engines = listed(values.only).map((name) => oneOf(name, ENGINES));
  return {
    runs: whole(values.runs ?? positionals[0] ?? "5"),
    engines: engines.length > 0 ? ENGINES.filter((name) => engines.includes(name)) : ENGINES,
    viewers: values.viewers === undefined ? defaults.viewers : listed(values.viewers).map(whole),
    segments: values.segments === undefined ? undefined : whole(values.segments),
    container: oneOf(values.container, ["fmp4", "ts"]),
    only: listed(values.cases).map((name) => oneOf(name, defaults.cases)),
    playlist: oneOf(values.playlist, ["media", "master"]),
    verbose: values.verbose,
  };
}

function listed(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(",").filter((part) => part !== "");
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`"${text}" is no whole number of at least 1.`);
  return number;
}

function oneOf<Name extends string>(text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new Error(`"${text}" is none of ${names.join(", ")}.`);
  return found;
}
