import { median } from "../../../support/median.ts";
import { figure, rounded, told } from "../figures.ts";
import type { Crowd, FloodResult, Results } from "./load-commands.ts";
import { type LoadProcess, startLoad } from "./load-process.ts";
import { type Outcome, type Row, ratios } from "./outcome.ts";
import { startServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";
import { type Subject, subjectsOf } from "./subjects.ts";
import { errorCount } from "./tally.ts";

const SWARM = 100;
const FROZEN_PART = 0.3;
const PROBE_EACH_MS = 500;
/** As many as a household has: nothing here meets the server's limits on one address. */
const PER_ADDRESS = 50;
/**
 * Our server's defaults for one connection are 500 messages at once, of which joining took some, and 50 a second: at
 * that rate for long, after all at once, and far beyond it.
 */
const FLOODS = {
  steady: { burst: 0, perSecond: 45 },
  burst: { burst: 490, perSecond: 50 },
  beyond: { burst: 490, perSecond: 1000 },
} as const;
const FLOOD_NAMES = ["steady", "burst", "beyond"] as const;
type Flood = (typeof FLOOD_NAMES)[number];

interface Round {
  readonly quiet: Results["probe"];
  readonly floods: readonly {
    readonly name: Flood;
    /** What others wait while the same flood goes to a server that does nothing with it. */
    readonly elsewhere: Results["probe"];
    readonly others: Results["probe"];
    readonly flood: FloodResult;
  }[];
}

/** What others wait while one client floods and a third of them is frozen, with the limits that the server has. */
export async function floodCase({ runs, servers, sizes }: SignalingBenchOptions): Promise<Outcome> {
  const rows: Row[] = [];
  const doubts: string[] = [];
  const fields: Record<string, unknown> = {};
  const ours: number[] = [];
  const oursAdded: number[] = [];
  for (const subject of subjectsOf(servers)) {
    const rounds: Round[] = [];
    for (let run = 0; run < runs; run++) rounds.push(await floodRound(subject, sizes));
    const quiet = rounds.map((round) => round.quiet.p99Ms);
    for (const name of FLOOD_NAMES) {
      const floods = rounds.flatMap((round) => round.floods.filter((flood) => flood.name === name));
      const flooded = floods.map(({ others }) => others.p99Ms);
      const elsewhere = floods.map((flood) => flood.elsewhere.p99Ms);
      const each = ratios(flooded, quiet);
      const added = ratios(flooded, elsewhere);
      if (subject.server === "rivulet") {
        ours.push(median(each));
        oursAdded.push(median(added));
      }
      Object.assign(fields, figure(fieldOf("floodP99Ratio", subject, name), each));
      Object.assign(fields, figure(fieldOf("floodP99ToElsewhere", subject, name), added));
      const middle = (count: (flood: FloodResult) => number) =>
        rounded(median(floods.map(({ flood }) => count(flood))));
      const counts = [middle(({ sent }) => sent), middle(errorCount), middle(({ reopened }) => reopened)];
      const times = [quiet, elsewhere, flooded, each, added].map(told);
      rows.push([`${subject.name}, ${name}`, ...times, ...counts]);
    }
    doubts.push(...rounds.flatMap((round) => doubtsOf(`flood, ${subject.name}`, round)));
  }
  if (ours.length > 0) {
    fields.floodP99Ratio = rounded(Math.max(...ours));
    fields.floodP99ToElsewhere = rounded(Math.max(...oursAdded));
  }
  return {
    title: `Round trip of ${sizes.floodClients} clients, p99 in ms, while one floods and 30 % are frozen`,
    head: [
      "server, flood",
      "quiet",
      "elsewhere",
      "flooded",
      "to quiet",
      "to elsewhere",
      "sent",
      "refused",
      "cut off",
    ],
    rows,
    fields,
    doubts,
  };
}

function fieldOf(what: string, { server, protocol }: Subject, flood: Flood): string {
  const path = server === "incumbent" ? "incumbent" : protocol;
  return `${what}${capital(flood)}${capital(path)}`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

async function floodRound(
  { server: serverName, protocol }: Subject,
  { floodClients, floodWindowMs: windowMs }: SignalingBenchOptions["sizes"],
): Promise<Round> {
  const server = await startServer(serverName);
  const sink = await startServer("sink");
  const [quiet, frozen, flooder, stray] = [startLoad(), startLoad(), startLoad(), startLoad()];
  try {
    // Dealt out in turn, so that every swarm has its part of the frozen ones.
    const swarms = Math.ceil(floodClients / SWARM);
    const frozenCount = Math.round(floodClients * FROZEN_PART);
    const crowd = { protocol, port: server.port, swarmSize: SWARM, swarms, perAddress: PER_ADDRESS };
    await join(frozen, { ...crowd, first: 0, count: frozenCount });
    await join(quiet, { ...crowd, first: frozenCount, count: floodClients - frozenCount });
    // Of the first swarm, and from an address of its own.
    await join(flooder, { ...crowd, first: swarms * 10_000, count: 1 });
    await join(stray, { ...crowd, port: sink.port, first: swarms * 10_000, count: 1, idle: true });
    const probe = { type: "probe", everyMs: PROBE_EACH_MS, windowMs } as const;
    const targets = { first: 0, count: Math.ceil(floodClients / swarms), step: swarms };
    const during = (load: LoadProcess, name: Flood) =>
      Promise.all([
        quiet.run<"probe">(probe),
        load.run<"flood">({ type: "flood", ...FLOODS[name], windowMs, targets }),
      ]);
    // Once for the compiler, probes and flood: code that runs for the first time is slow on both sides.
    await during(flooder, "steady");
    const quietResult = await quiet.run<"probe">(probe);
    frozen.freeze();
    const floods: Round["floods"][number][] = [];
    for (const name of FLOOD_NAMES) {
      const [elsewhere] = await during(stray, name);
      const [others, flood] = await during(flooder, name);
      floods.push({ name, elsewhere, others, flood });
    }
    return { quiet: quietResult, floods };
  } finally {
    for (const load of [quiet, frozen, flooder, stray]) await load.end();
    await server.kill();
    await sink.kill();
  }
}

async function join(load: LoadProcess, crowd: Crowd): Promise<void> {
  await load.run<"open">({ type: "open", crowd });
}

function doubtsOf(what: string, { quiet, floods }: Round): string[] {
  return [quiet, ...floods.flatMap(({ elsewhere, others }) => [elsewhere, others])]
    .flatMap((probe) => [
      ...(probe.unanswered > 0 ? [`${probe.unanswered} requests had no answer in time`] : []),
      ...(probe.closed > 0 ? [`${probe.closed} quiet clients were cut off`] : []),
      ...(errorCount(probe) > 0 ? [`quiet clients were refused: ${JSON.stringify(probe.errors)}`] : []),
    ])
    .map((doubt) => `${what}: ${doubt}.`);
}
