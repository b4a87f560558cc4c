import { parseArgs } from "node:util";
import { SERVERS, type ServerName } from "./servers.ts";

export const CASES = ["announce", "relay", "memory", "flood", "reopen", "hostile", "cluster"] as const;
export type CaseName = (typeof CASES)[number];

export interface SignalingBenchOptions {
  readonly runs: number;
  readonly cases: readonly CaseName[];
  readonly servers: readonly ServerName[];
  readonly sizes: Sizes;
}

/** How much of everything. */
export interface Sizes {
  readonly announcers: readonly number[];
  readonly relays: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** Connections whose memory is measured, and that come back after a restart. */
  readonly connections: number;
  readonly reconnectWithinMs: number;
  readonly floodClients: number;
  readonly floodWindowMs: number;
  readonly hostileMessages: number;
  readonly clusterPeers: number;
}

const WHOLE: Sizes = {
  announcers: [1000, 5000],
  relays: 1000,
  warmupMs: 4000,
  windowMs: 8000,
  connections: 10_000,
  reconnectWithinMs: 10_000,
  floodClients: 1000,
  floodWindowMs: 6000,
  hostileMessages: 100_000,
  clusterPeers: 200,
};
/** To see that everything works; the figures are of no use. */
const QUICK: Sizes = {
  announcers: [200],
  relays: 200,
  warmupMs: 500,
  windowMs: 1000,
  connections: 1000,
  reconnectWithinMs: 1000,
  floodClients: 200,
  floodWindowMs: 1500,
  hostileMessages: 3000,
  clusterPeers: 40,
};

const DEFAULT_RUNS = 3;
const USAGE = `Options:
  --runs N        how often everything is measured (${DEFAULT_RUNS}); a number alone means the same
  --only NAME     run only these cases, separated by commas: ${CASES.join(", ")}
  --servers NAME  only these of ${SERVERS.join(", ")}
  --announcers N  connections in the case announce, separated by commas
  --quick         a fraction of the load and one run: whether it works, not how well`;

/** Reads the command line; a mistake ends the program with the list of options. */
export function signalingBenchOptions(): SignalingBenchOptions {
  try {
    return read();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return process.exit(2);
  }
}

function read(): SignalingBenchOptions {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      only: { type: "string" },
      servers: { type: "string" },
      announcers: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const runs = Number(values.runs ?? positionals[0] ?? (values.quick ? 1 : DEFAULT_RUNS));
  if (!Number.isInteger(runs) || runs < 1) throw new Error("The number of runs is a whole number.");
  const cases = chosen(values.only, CASES);
  const servers = chosen(values.servers, SERVERS);
  const sizes = values.quick ? QUICK : WHOLE;
  const announcers = values.announcers?.split(",").map(Number) ?? sizes.announcers;
  if (!announcers.every((count) => Number.isInteger(count) && count > 0))
    throw new Error("--announcers takes whole numbers, separated by commas.");
  return { runs, cases, servers, sizes: { ...sizes, announcers } };
}

/** Those that are named, or all. */
function chosen<Name extends string>(text: string | undefined, names: readonly Name[]): Name[] {
  const asked = text?.split(",") ?? [];
  const unknown = asked.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of ${names.join(", ")}.`);
  return names.filter((name) => asked.length === 0 || asked.includes(name));
}
