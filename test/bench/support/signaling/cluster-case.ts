import { median } from "../../../support/median.ts";
import { figure, rounded, told } from "../figures.ts";
import type { WatchResult } from "./load-commands.ts";
import { startLoad } from "./load-process.ts";
import type { Outcome } from "./outcome.ts";
import { startRedis } from "./redis-process.ts";
import { NO_LIMITS, startServer, type TestServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";
import { errorCount } from "./tally.ts";

const PROCESSES = 3;
/** Every swarm has members at every process, few enough that an answer lists a good part of them. */
const SWARM = 30;
const PER_ADDRESS = 500;
/** Announces of each peer, so that a member that is still listed is seen within a moment. */
const ANNOUNCE_EACH_MS = 400;
/** What joining set off has settled by then. */
const KILL_AFTER_MS = 4000;
const WINDOW_MS = 16_000;
/** A peer that was listed neither before nor after says nothing about being forgotten. */
const LISTED_AT_LEAST = 10;

/** Three processes share their swarms over Redis; one is killed while everybody announces. */
export async function clusterCase({ runs, servers, sizes }: SignalingBenchOptions): Promise<Outcome> {
  const head = ["process killed", "listed until, ms", "p99 before", "p99 after", "disturbed"];
  const title = `${PROCESSES} processes over Redis with ${sizes.clusterPeers} peers each, one killed`;
  if (!servers.includes("rivulet")) return { title, head, rows: [], fields: {}, doubts: [] };
  const results: WatchResult[] = [];
  for (let run = 0; run < runs; run++) results.push(await clusterRound(sizes.clusterPeers));
  const p99 = (side: "before" | "after") => results.map((result) => result[side].p99Ms);
  return {
    title,
    head,
    rows: [
      [
        "rivulet, /",
        told(results.map(({ goneMs }) => goneMs)),
        told(p99("before")),
        told(p99("after")),
        Math.max(...results.map(disturbed)),
      ],
    ],
    fields: {
      ...figure(
        "clusterGoneMs",
        results.map(({ goneMs }) => goneMs),
      ),
      clusterDisturbed: Math.max(...results.map(disturbed)),
      clusterP99MsBefore: rounded(median(p99("before"))),
      clusterP99MsAfter: rounded(median(p99("after"))),
    },
    doubts: results.flatMap((result) => [
      ...(result.listedBefore < LISTED_AT_LEAST
        ? [`cluster: other processes' members were listed only ${result.listedBefore} times before the kill.`]
        : []),
      ...(disturbed(result) > 0 ? [`cluster: ${JSON.stringify(result)}`] : []),
    ]),
  };
}

/** What went wrong for the clients of the processes that live on. */
function disturbed({ before, after, unanswered }: WatchResult): number {
  return errorCount(before) + errorCount(after) + before.closed + after.closed + unanswered;
}

async function clusterRound(peersEach: number): Promise<WatchResult> {
  const redis = await startRedis();
  const load = startLoad();
  const servers: TestServer[] = [];
  try {
    for (let no = 0; no < PROCESSES; no++)
      servers.push(await startServer("rivulet", { flags: [...NO_LIMITS, "--redis-url", redis.url] }));
    const swarms = Math.ceil((PROCESSES * peersEach) / SWARM);
    const shape = { swarmSize: SWARM, swarms, perAddress: PER_ADDRESS, protocol: "rivulet" } as const;
    for (const [no, { port }] of servers.entries())
      await load.run<"open">({
        type: "open",
        crowd: { ...shape, port, first: no * peersEach, count: peersEach },
      });
    return await load.run<"watch">({
      type: "watch",
      everyMs: ANNOUNCE_EACH_MS,
      windowMs: WINDOW_MS,
      doomed: { first: (PROCESSES - 1) * peersEach, count: peersEach },
      killPid: servers.at(-1)?.pid ?? 0,
      killAfterMs: KILL_AFTER_MS,
    });
  } finally {
    await load.end();
    for (const server of servers) await server.kill();
    await redis.end();
  }
}
