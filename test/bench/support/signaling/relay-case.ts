import { median } from "../../../support/median.ts";
import { figure } from "../figures.ts";
import { doubtsOf } from "./announce-case.ts";
import type { LoopResult } from "./load-commands.ts";
import { startLoad } from "./load-process.ts";
import { many, type Outcome, percent, ratios } from "./outcome.ts";
import { NO_LIMITS, type ServerName, startServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";

const SWARM = 100;
const PER_ADDRESS = 500;
/** Messages under way for each connection. */
const DEPTH = 1;
const CONTESTANTS: readonly ServerName[] = ["rivulet", "echo"];

/** Introductions a second on our own protocol against what `ws` sends back by itself. */
export async function relayCase({ runs, sizes, servers }: SignalingBenchOptions): Promise<Outcome> {
  const contestants = CONTESTANTS.filter((name) => servers.includes(name));
  const results = new Map<ServerName, LoopResult[]>(contestants.map((name) => [name, []]));
  const doubts: string[] = [];
  for (let run = 0; run < runs; run++)
    for (const name of contestants) {
      const result = await relayRound(name, sizes);
      results.get(name)?.push(result);
      doubts.push(...doubtsOf(`relay, ${name}`, result));
    }
  const rates = (name: ServerName) => (results.get(name) ?? []).map((of) => of.relayed / of.seconds);
  /** In a second of the server's processor time: what it would do on a core that nobody else takes from it. */
  const busyRates = (name: ServerName) =>
    (results.get(name) ?? []).map((of) => of.relayed / of.seconds / of.serverBusy);
  return {
    title: `Messages of 1 kB relayed between pairs, ${sizes.relays} connections`,
    head: ["server", "messages/s", "a busy second", "server", "load"],
    rows: [...results].map(([name, of]) => [
      name,
      many(rates(name)),
      many(busyRates(name)),
      percent(median(of.map(({ serverBusy }) => serverBusy))),
      percent(median(of.map(({ loadBusy }) => loadBusy))),
    ]),
    fields: {
      ...figure("relayRatio", ratios(rates("rivulet"), rates("echo"))),
      ...figure("relayBusyRatio", ratios(busyRates("rivulet"), busyRates("echo"))),
      ...figure("relayedPerSecond", rates("rivulet")),
      ...figure("echoedPerSecond", rates("echo")),
    },
    doubts,
  };
}

async function relayRound(
  name: ServerName,
  { relays, warmupMs, windowMs }: SignalingBenchOptions["sizes"],
): Promise<LoopResult> {
  const server = await startServer(name, { flags: NO_LIMITS });
  const load = startLoad();
  try {
    const protocol = name === "echo" ? "bare" : "rivulet";
    const shape = { swarmSize: SWARM, perAddress: PER_ADDRESS };
    await load.run<"open">({
      type: "open",
      crowd: { protocol, count: relays, first: 0, port: server.port, ...shape },
    });
    return await load.run<"loop">({ type: "loop", warmupMs, windowMs, serverPid: server.pid, depth: DEPTH });
  } finally {
    await load.end();
    await server.kill();
  }
}
