import { median } from "../../../support/median.ts";
import { figure, rounded, told } from "../figures.ts";
import type { ReconnectResult } from "./load-commands.ts";
import { startLoad } from "./load-process.ts";
import type { Outcome, Row } from "./outcome.ts";
import { startServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";
import { type Subject, subjectsOf } from "./subjects.ts";

const SWARM = 100;
const LIMIT_MS = 60_000;
/** Few enough for the limits on one address, which stand as they are; only the limit of all is lifted. */
const PER_ADDRESS = 50;
const FLAGS = ["--max-connections", "12000"];

/** Everybody comes back after the server was killed and started again. */
export async function reopenCase({ runs, servers, sizes }: SignalingBenchOptions): Promise<Outcome> {
  const rows: Row[] = [];
  const fields: Record<string, unknown> = {};
  const doubts: string[] = [];
  const ours: ReconnectResult[] = [];
  const missing = ({ back, lost }: ReconnectResult) => Math.max(sizes.connections, lost) - back;
  for (const subject of subjectsOf(servers)) {
    const results: ReconnectResult[] = [];
    for (let run = 0; run < runs; run++) results.push(await reopenRound(subject, sizes));
    if (subject.server === "rivulet") ours.push(...results);
    else
      Object.assign(
        fields,
        figure(
          "incumbentReopenMs",
          results.map(({ backMs }) => backMs),
        ),
      );
    rows.push([
      subject.name,
      told(results.map(({ nearlyAllMs }) => nearlyAllMs / 1000)),
      told(results.map(({ backMs }) => backMs / 1000)),
      rounded(median(results.map(refusals))),
      rounded(median(results.map(({ unreachable }) => unreachable))),
      rounded(median(results.map(missing))),
    ]);
    for (const result of results.filter((result) => refusals(result) + missing(result) > 0))
      doubts.push(`reopen, ${subject.name}: ${JSON.stringify(result)}`);
  }
  if (ours.length > 0) {
    Object.assign(
      fields,
      figure(
        "reopenMs",
        ours.map(({ backMs }) => backMs),
      ),
    );
    fields.reopenRefusals = Math.max(...ours.map(refusals));
    fields.reopenMissing = Math.max(...ours.map(missing));
  }
  const { connections, reconnectWithinMs } = sizes;
  return {
    title: `${connections} connections come back within ${reconnectWithinMs / 1000} s after a restart`,
    head: ["server", "99 % back, s", "all back, s", "refused", "nobody there", "missing"],
    rows,
    fields,
    doubts,
  };
}

/** The server was not there yet, or it said no: only the second is its own word. */
function refusals(result: ReconnectResult): number {
  return Object.values(result.refusals).reduce((total, count) => total + count, 0);
}

async function reopenRound(
  { server: name, protocol }: Subject,
  { connections: count, reconnectWithinMs: withinMs }: SignalingBenchOptions["sizes"],
): Promise<ReconnectResult> {
  const first = await startServer(name, { flags: FLAGS });
  const load = startLoad();
  const servers = [first];
  try {
    const crowd = { protocol, count, first: 0, port: first.port, swarmSize: SWARM, perAddress: PER_ADDRESS };
    await load.run<"open">({ type: "open", crowd });
    const reconnecting = load.run<"reconnect">({ type: "reconnect", withinMs, limitMs: LIMIT_MS });
    await first.kill();
    const second = await startServer(name, { flags: FLAGS, port: first.port });
    servers.push(second);
    const result = await reconnecting;
    if (!second.isAlive()) throw new Error(`The server died under those who came back: ${second.stderr()}`);
    return result;
  } finally {
    await load.end();
    for (const server of servers) await server.kill();
  }
}
