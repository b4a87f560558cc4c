import { parseArgs } from "node:util";

export const CASES = ["pair", "crowd", "memory", "tiny", "first-byte"] as const;
export type Case = (typeof CASES)[number];

export interface ShareBenchOptions {
  readonly cases: readonly Case[];
  /** How often everything is measured, but for memory. */
  readonly rounds: number;
  readonly sizes: ShareSizes;
  /** How many receive at once in `crowd`. */
  readonly crowds: readonly number[];
  /** How long WebTorrent is waited for, ms. */
  readonly torrentWithinMs: number;
  /** Whether memory is looked at after garbage was collected. */
  readonly collects: boolean;
  /** What all connections together carry, Mbit/s; undefined: what the machine does. */
  readonly lineMbit: number | undefined;
}

/** How much of everything. */
export interface ShareSizes {
  readonly pairBytes: number;
  readonly crowdBytes: number;
  readonly memoryBytes: number;
  readonly bareMemoryBytes: number;
  readonly tinyFiles: number;
  readonly firstByteBytes: number;
}

const MB = 1000 * 1000;
const WHOLE: ShareSizes = {
  pairBytes: 256 * MB,
  crowdBytes: 16 * MB,
  memoryBytes: 2000 * MB,
  bareMemoryBytes: 512 * MB,
  tinyFiles: 10_000,
  firstByteBytes: 16 * MB,
};
/** To see that everything works; the figures are of no use. */
const QUICK: ShareSizes = {
  pairBytes: 16 * MB,
  crowdBytes: 2 * MB,
  memoryBytes: 96 * MB,
  bareMemoryBytes: 32 * MB,
  tinyFiles: 500,
  firstByteBytes: 2 * MB,
};

const DEFAULT_CROWDS = "4,8";
const DEFAULT_TORRENT_SECONDS = "150";
const USAGE = `npm run bench -- share [CASE…] [OPTIONS]: all of ${CASES.join(", ")} unless some are named.
Options:
  --rounds N           how often everything but memory is measured (3; first-byte 5)
  --mb N               the size of what is shared in pair, crowd and memory, whatever it is by default
  --crowds N           how many receive at once, separated by commas (${DEFAULT_CROWDS})
  --files N            how many tiny files (${WHOLE.tinyFiles})
  --torrent-seconds N  how long WebTorrent is waited for (${DEFAULT_TORRENT_SECONDS})
  --collect            memory: have garbage collected before each look, to tell what is in use from what is left over
  --line MBIT          behind a line of so many Mbit/s, in a network namespace of its own (Linux, as root)
  --quick              a fraction of everything, once: whether it works, not how well`;

/** Reads the command line; a mistake ends the program with the list of options. */
export function shareBenchOptions(): ShareBenchOptions {
  try {
    return read();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return process.exit(2);
  }
}

function read(): ShareBenchOptions {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      mb: { type: "string" },
      crowds: { type: "string" },
      files: { type: "string" },
      "torrent-seconds": { type: "string", default: DEFAULT_TORRENT_SECONDS },
      collect: { type: "boolean", default: false },
      line: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const { quick, mb, files, line } = values;
  const named = positionals.map(caseNamed);
  const sizes = quick ? QUICK : WHOLE;
  const bytes = mb === undefined ? undefined : whole(mb) * MB;
  return {
    cases: named.length > 0 ? CASES.filter((name) => named.includes(name)) : CASES,
    rounds: whole(values.rounds ?? (quick ? "1" : "3")),
    crowds: (values.crowds ?? (quick ? "2" : DEFAULT_CROWDS)).split(",").map(whole),
    torrentWithinMs: whole(values["torrent-seconds"]) * 1000,
    collects: values.collect,
    lineMbit: line === undefined ? undefined : whole(line),
    sizes: {
      ...sizes,
      ...(bytes !== undefined && { pairBytes: bytes, crowdBytes: bytes, memoryBytes: bytes }),
      ...(files !== undefined && { tinyFiles: whole(files) }),
    },
  };
}

function caseNamed(text: string): Case {
  const found = CASES.find((name) => name === text);
  if (found === undefined) throw new Error(`"${text}" is none of ${CASES.join(", ")}.`);
  return found;
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`"${text}" is no whole number of at least 1.`);
  return number;
}
