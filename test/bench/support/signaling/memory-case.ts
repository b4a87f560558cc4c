import { figure } from "../figures.ts";
import type { Protocol } from "./load-commands.ts";
import { type LoadProcess, startLoad } from "./load-process.ts";
import { many, type Outcome, ratios } from "./outcome.ts";
import { NO_LIMITS, type ServerName, startServer } from "./servers.ts";
import type { SignalingBenchOptions } from "./signaling-options.ts";

const SWARM = 100;
const PER_ADDRESS = 500;
/**
 * As many, for each one measured, are there before the first measurement and stay: what the process has grown by then,
 * its young generation above all, is no connection's.
 */
const EARLIER_PART = 0.2;

/** They announce as often as all that come later do: the buffers of that many messages are no peer's either. */
const EARLIER_ROUNDS = 5;

interface Subject {
  readonly name: string;
  readonly server: ServerName;
  readonly protocol: Protocol;
  readonly isIdle: boolean;
}

const SUBJECTS: readonly Subject[] = [
  { name: "echo, idle", server: "echo", protocol: "bare", isIdle: true },
  { name: "rivulet, idle on /", server: "rivulet", protocol: "rivulet", isIdle: true },
  { name: "rivulet, idle on /announce", server: "rivulet", protocol: "tracker", isIdle: true },
  { name: "rivulet, announced on /", server: "rivulet", protocol: "rivulet", isIdle: false },
  { name: "rivulet, announced on /announce", server: "rivulet", protocol: "tracker", isIdle: false },
  { name: "incumbent, idle", server: "incumbent", protocol: "tracker", isIdle: true },
  { name: "incumbent, announced", server: "incumbent", protocol: "tracker", isIdle: false },
];
const [BARE] = SUBJECTS;

/** Bytes that one connection adds to the server's resident memory, of very many. */
interface Bytes {
  readonly rss: number[];
  readonly heap: number[];
}

/** What a connection and a peer cost in memory, beside a connection to bare `ws`. */
export async function memoryCase({ runs, servers, sizes }: SignalingBenchOptions): Promise<Outcome> {
  const subjects = SUBJECTS.filter(({ server }) => servers.includes(server));
  const results = new Map<Subject, Bytes>(subjects.map((subject) => [subject, { rss: [], heap: [] }]));
  for (let run = 0; run < runs; run++)
    for (const [subject, { rss, heap }] of results) {
      const each = await bytesEach(subject, sizes.connections);
      rss.push(each.rss);
      heap.push(each.heap);
    }
  const bareOf = (kind: keyof Bytes) => (BARE && results.get(BARE)?.[kind]) ?? [];
  const bare = bareOf("rss");
  /** Of both paths. */
  const worst = (isIdle: boolean, kind: keyof Bytes) => {
    const ours = [...results].filter(
      ([subject]) => subject.server === "rivulet" && subject.isIdle === isIdle,
    );
    const inRun = bare.map((_, run) => Math.max(...ours.map(([, bytes]) => bytes[kind][run] ?? Number.NaN)));
    return ratios(inRun, bareOf(kind));
  };
  return {
    title: `Memory of each of ${sizes.connections} connections, bytes`,
    head: ["server", "resident", "heap", "÷ echo, resident"],
    rows: [...results].map(([{ name }, { rss, heap }]) => [
      name,
      many(rss),
      many(heap),
      ratios(rss, bare)
        .map((ratio) => ratio.toFixed(2))
        .join(" "),
    ]),
    fields: {
      ...figure("memoryPerIdleConnectionRatio", worst(true, "rss")),
      ...figure("memoryPerAnnouncedPeerRatio", worst(false, "rss")),
      ...figure("heapPerIdleConnectionRatio", worst(true, "heap")),
      ...figure("heapPerAnnouncedPeerRatio", worst(false, "heap")),
      bytesPerConnection: Object.fromEntries(
        [...results].map(([{ name }, { rss }]) => [
          name,
          Math.round(rss.reduce((a, b) => a + b, 0) / rss.length),
        ]),
      ),
    },
    doubts: [],
  };
}

async function bytesEach(
  { server: name, protocol, isIdle }: Subject,
  count: number,
): Promise<{ readonly rss: number; readonly heap: number }> {
  const server = await startServer(name, { flags: NO_LIMITS });
  const [earlier, measured] = [startLoad(), startLoad()];
  try {
    const crowd = { protocol, port: server.port, swarmSize: SWARM, perAddress: PER_ADDRESS } as const;
    const come = async (load: LoadProcess, first: number, count: number) => {
      await load.run<"open">({ type: "open", crowd: { ...crowd, first, count, idle: isIdle } });
      // Five offers of each, which the server hands on and must remember until they are answered.
      if (!isIdle) await load.run<"announce-once">({ type: "announce-once" });
    };
    await come(earlier, 1_000_000, Math.round(count * EARLIER_PART));
    for (let round = 0; !isIdle && round < EARLIER_ROUNDS; round++)
      await earlier.run<"announce-once">({ type: "announce-once" });
    const before = await server.memory();
    await come(measured, 0, count);
    const after = await server.memory();
    return {
      rss: (after.rssBytes - before.rssBytes) / count,
      heap: (after.heapBytes - before.heapBytes) / count,
    };
  } finally {
    await earlier.end();
    await measured.end();
    await server.kill();
  }
}
