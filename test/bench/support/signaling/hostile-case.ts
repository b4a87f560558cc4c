import { figure, told } from "../figures.ts";
import type { Protocol } from "./load-commands.ts";
import { startLoad } from "./load-process.ts";
import type { Outcome, Row } from "./outcome.ts";
import { NO_LIMITS, startServer, type TestServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";
import { type Subject, subjectsOf } from "./subjects.ts";

const SEED = 5;
/** Messages between two signs of life. */
const BATCH = 16;
/** What comes first fills the server's caches and is not counted as growth. */
const WARMUP_PART = 0.1;
/** A server that has died so often is not started again. */
const MOST_CRASHES = 10;
/** Also when its messages are sent singly, to see which one it is that the server dies of. */
const SINGLE = 1;

interface Round {
  readonly sent: number;
  readonly crashes: number;
  /** The first message that a server died of, and which it was. */
  readonly fatal: { readonly no: number; readonly text: string; readonly said: string } | undefined;
  readonly closed: number;
  /** Resident memory at the end ÷ that after the warm-up; of a server that lived through. */
  readonly memoryRatio: number | undefined;
}

/** A corpus of messages that nobody should send, half-open sockets, and clients that do not read. */
export async function hostileCase({ servers, sizes }: SignalingBenchOptions): Promise<Outcome> {
  const rows: Row[] = [];
  const fields: Record<string, unknown> = {};
  const doubts: string[] = [];
  const ours: Round[] = [];
  for (const subject of subjectsOf(servers)) {
    const round = await hostileRound(subject, sizes.hostileMessages);
    if (subject.server === "rivulet") ours.push(round);
    else {
      fields.incumbentHostileCrashes = round.crashes;
      fields.incumbentDiesAtMessage = round.fatal?.no;
    }
    const ratio = round.memoryRatio === undefined ? "–" : told([round.memoryRatio]);
    rows.push([subject.name, round.sent, round.crashes, round.closed, ratio]);
    if (round.fatal) {
      const { no, text, said } = round.fatal;
      doubts.push(`hostile, ${subject.name} died at message ${no}, ${text.slice(0, 200)}: ${said}`);
    }
  }
  if (ours.length > 0) {
    fields.hostileCrashes = ours.reduce((total, { crashes }) => total + crashes, 0);
    const grown = ours.flatMap(({ memoryRatio }) => memoryRatio ?? []);
    if (grown.length > 0) Object.assign(fields, figure("hostileMemoryRatio", [Math.max(...grown)]));
  }
  return {
    title: "Hostile messages, beside half-open sockets and slow readers",
    head: ["server", "sent", "crashes", "connections closed", "memory ÷ before"],
    rows,
    fields,
    doubts,
  };
}

async function hostileRound({ server: name, protocol }: Subject, count: number): Promise<Round> {
  // Its rates are lifted: what is refused for coming too fast is not read at all.
  let server = await startServer(name, { flags: NO_LIMITS });
  let before: number | undefined;
  let crashes = 0;
  let closed = 0;
  let at = 0;
  let fatal: Round["fatal"];
  try {
    while (at < count && crashes < MOST_CRASHES) {
      const isWarm = at >= count * WARMUP_PART;
      if (isWarm && before === undefined && crashes === 0) before = (await server.memory()).rssBytes;
      const until = isWarm ? count : Math.round(count * WARMUP_PART);
      // After a crash, the same messages one by one: the next death tells which it was.
      const batch = crashes === 0 ? BATCH : SINGLE;
      const result = await send(server, { protocol, from: at, count: until - at, batch });
      closed += result.closed;
      if (result.isAlive) {
        at += result.sent;
        continue;
      }
      crashes += 1;
      await server.ended;
      if (batch === SINGLE && !fatal)
        fatal = { no: at + result.sent, text: result.last.at(-1) ?? "", said: lastWords(server) };
      at += crashes === 1 ? Math.max(0, result.sent - BATCH) : result.sent;
      server = await startServer(name, { flags: NO_LIMITS });
    }
    const after = before === undefined || crashes > 0 ? undefined : (await server.memory()).rssBytes;
    const memoryRatio = after === undefined || before === undefined ? undefined : after / before;
    return { sent: at, crashes, fatal, closed, memoryRatio };
  } finally {
    await server.kill();
  }
}

async function send(
  { port }: TestServer,
  part: {
    readonly protocol: Protocol;
    readonly from: number;
    readonly count: number;
    readonly batch: number;
  },
) {
  const load = startLoad();
  try {
    return await load.run<"hostile">({ type: "hostile", port, seed: SEED, ...part });
  } finally {
    await load.end();
  }
}

/** What a dying server said, without the stack. */
function lastWords(server: TestServer): string {
  const lines = server.stderr().split("\n");
  return lines.find((line) => /Error/.test(line)) ?? lines.at(-1) ?? "";
}
