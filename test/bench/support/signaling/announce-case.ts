import { median } from "../../../support/median.ts";
import { figure, rounded, told } from "../figures.ts";
import type { LoopResult } from "./load-commands.ts";
import { startLoad } from "./load-process.ts";
import { many, type Outcome, percent, type Row, ratios } from "./outcome.ts";
import { NO_LIMITS, type ServerName, startServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";
import { errorCount } from "./tally.ts";

const SWARM = 100;
const OFFERS = 5;
const PER_ADDRESS = 500;
/** Above this the load, not the server, may be what is measured. */
const LOAD_LIMIT = 0.9;
/** Below this somebody else was on the server's core, or the load did not keep it busy. */
const SERVER_LIMIT = 0.9;
const CONTESTANTS: readonly ServerName[] = ["rivulet", "incumbent"];

/** Announces a second on the WebTorrent path, everybody announcing again as soon as answered. */
export async function announceCase({ runs, sizes, servers }: SignalingBenchOptions): Promise<Outcome> {
  const contestants = CONTESTANTS.filter((name) => servers.includes(name));
  const rows: Row[] = [];
  const doubts: string[] = [];
  const fields: Record<string, unknown> = {};
  for (const count of sizes.announcers) {
    const results = new Map<ServerName, LoopResult[]>(contestants.map((name) => [name, []]));
    for (let run = 0; run < runs; run++)
      for (const name of contestants) {
        const result = await announceRound(name, count, sizes);
        results.get(name)?.push(result);
        doubts.push(...doubtsOf(`announce, ${count} connections, ${name}`, result));
      }
    const rates = new Map([...results].map(([name, of]) => [name, of.map(rate)]));
    const ours = rates.get("rivulet") ?? [];
    const theirs = rates.get("incumbent") ?? [];
    for (const [name, of] of results) {
      const field = name === "rivulet" ? "announces" : "incumbentAnnounces";
      Object.assign(fields, figure(`${field}PerSecond${count}`, rates.get(name) ?? []));
      fields[`${field}P99Ms${count}`] = rounded(median(of.map(({ p99Ms }) => p99Ms)));
      rows.push([
        `${count}, ${name}`,
        many(rates.get(name) ?? []),
        many(of.map(({ relayed, seconds }) => relayed / seconds)),
        median(of.map(({ relayedPerRequest }) => relayedPerRequest)).toFixed(3),
        told(of.map(({ p50Ms }) => p50Ms)),
        told(of.map(({ p99Ms }) => p99Ms)),
        many(of.map(busyRate)),
        percent(median(of.map(({ serverBusy }) => serverBusy))),
        percent(median(of.map(({ loadBusy }) => loadBusy))),
      ]);
    }
    Object.assign(fields, figure(`announceRatio${count}`, ratios(ours, theirs)));
    const [ourBusy, theirBusy] = (["rivulet", "incumbent"] as const).map((name) =>
      (results.get(name) ?? []).map(busyRate),
    );
    Object.assign(fields, figure(`announceBusyRatio${count}`, ratios(ourBusy ?? [], theirBusy ?? [])));
  }
  const head = [
    "connections",
    "announces/s",
    "offers/s",
    "offers each",
    "p50 ms",
    "p99 ms",
    "a busy second",
    "server",
    "load",
  ];
  return { title: "Announces on the WebTorrent path", head, rows, fields, doubts };
}

/** Announces in a second of the server's processor time: what it would do on a core that nobody else takes from it. */
function busyRate(result: LoopResult): number {
  return rate(result) / result.serverBusy;
}

function rate({ replies, seconds }: LoopResult): number {
  return replies / seconds;
}

async function announceRound(
  name: ServerName,
  count: number,
  { warmupMs, windowMs }: SignalingBenchOptions["sizes"],
): Promise<LoopResult> {
  const server = await startServer(name, { flags: NO_LIMITS });
  const load = startLoad();
  try {
    await load.run<"open">({
      type: "open",
      crowd: {
        protocol: "tracker",
        count,
        first: 0,
        port: server.port,
        swarmSize: SWARM,
        perAddress: PER_ADDRESS,
      },
    });
    return await load.run<"loop">({ type: "loop", warmupMs, windowMs, serverPid: server.pid, depth: 1 });
  } finally {
    await load.end();
    await server.kill();
  }
}

/** What makes a measurement doubtful: a load that is the bottleneck, and anything that was answered wrong. */
export function doubtsOf(what: string, result: LoopResult): string[] {
  const { loadBusy, serverBusy, relayedPerRequest, replies, checked, closed } = result;
  const errors = errorCount(result);
  return [
    ...(serverBusy < SERVER_LIMIT ? [`the server had only ${percent(serverBusy)} of its core`] : []),
    ...(loadBusy > LOAD_LIMIT && loadBusy > serverBusy
      ? [`the load was busier (${percent(loadBusy)}) than the server (${percent(serverBusy)})`]
      : []),
    ...(replies > 0 && Math.abs(relayedPerRequest - OFFERS) > 0.001
      ? [`${relayedPerRequest.toFixed(3)} offers came for each announce`]
      : []),
    ...(errors > 0 ? [`${errors} wrong answers: ${JSON.stringify(result.errors)}`] : []),
    ...(closed > 0 ? [`${closed} connections were closed`] : []),
    ...(checked === 0 ? ["nothing was checked"] : []),
  ].map((doubt) => `${what}: ${doubt}.`);
}
