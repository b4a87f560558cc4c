import { minute, second } from "#sdk/base/time.ts";
import type { Patience } from "#sdk/engine/io.ts";
import type { EngineOptions } from "#sdk/engine/options.ts";
import type { Consumer } from "../consumer.ts";
import type { LineOptions } from "../line.ts";
import { seeder, visitor } from "../scenarios.ts";
import { simContent } from "../sim-content.ts";
import { fluidBoundMs } from "../tool/fluid-bound.ts";
import { observedRun } from "../tool/observed-run.ts";
import type { ScenarioRun } from "../tool/scenario.ts";
import { World } from "../world.ts";
import { dataCentre } from "./data-centre.ts";

/** A data centre: no NAT, a round trip of 1 ms between hosts, a tracker in the same building. */
const HANDSHAKE_MS = 2;
const LATENCY_MS = 0.25;
const TRACKER = { latencyMs: 0.5, connectMs: HANDSHAKE_MS, graceMs: 100, intervalMs: 3 * second };
/** SHA-256 with the processor's own instructions, and pieces that are still in memory. */
const DISK = { hashBytesPerSecond: 2e9, readMs: 0.1 };
/** Nobody has an origin to turn to, so that no piece is urgent. */
const NO_HURRY: Patience = { firstByteMs: 600 * minute, minBytesPerSecond: 1_000_000 };

/** Everybody comes within this share of the bound. */
const JOIN_WITHIN = 0.01;
/** Whatever takes more than so many bounds counts as not finished. */
const BOUNDS_AT_MOST = 20;

export interface OneSeederResult {
  readonly boundMs: number;
  /** How long each took from when it came, ms; those who did not finish are missing. */
  readonly tookMs: readonly number[];
  readonly unfinished: number;
  /** How often the content left the seeder. */
  readonly seederCopies: number;
  readonly load: readonly number[];
  readonly loadEveryMs: number;
  readonly steps: number;
  readonly stepMs: number;
  readonly events: number;
}

/** One seeder and many hosts with the same line in one data centre, who all want one large resource at once. */
export function oneSeeder(
  { seed, peers, progress }: ScenarioRun,
  world: {
    readonly pieces: number;
    readonly pieceBytes: number;
    readonly bytesPerSecond: number;
    readonly engine?: Partial<EngineOptions>;
  },
): OneSeederResult {
  const { pieces, pieceBytes, bytesPerSecond } = world;
  const bytes = pieces * pieceBytes;
  const line: LineOptions = {
    upBytesPerSecond: bytesPerSecond,
    downBytesPerSecond: bytesPerSecond,
    latencyMs: LATENCY_MS,
    cutThrough: true,
  };
  const engine: Partial<EngineOptions> = {
    ...dataCentre({ bytesPerSecond, pieceBytes }),
    windowBytes: bytes,
    ...world.engine,
  };
  const boundMs = fluidBoundMs({
    bytes,
    sourceBytesPerSecond: bytesPerSecond,
    peers: Array.from({ length: peers }, () => line),
  });
  const net = new World({
    seed,
    tracker: TRACKER,
    options: {
      iceMs: HANDSHAKE_MS,
      controlLane: true,
      highWatermarkBytes: 2 * pieceBytes,
      disk: DISK,
      watched: false,
    },
  });
  net.stopwatch.running = true;
  const content = { ...simContent(1, [bytes], pieceBytes), origin: false };
  const source = seeder(net, content, { engine, line });
  net.run(1 * second);
  const consumers: Consumer[] = [];
  for (let i = 0; i < peers; i++) {
    net.queue.after(net.random.next() * JOIN_WITHIN * boundMs, () => {
      consumers.push(visitor(net, content, { engine, line, patience: NO_HURRY }).consumer);
    });
  }
  const seen = observedRun(net, {
    untilMs: 1 * second + BOUNDS_AT_MOST * boundMs,
    everyMs: boundMs / 100,
    sentBytes: () => source.uploadedBytes,
    share: () => net.usefulBytes / (bytes * peers),
    progress: (share) => progress(share, `${(net.queue.now / second).toFixed(1)} s`),
    more: () => consumers.length < peers,
  });
  const tookMs = consumers.filter(({ doneAt }) => doneAt !== undefined).map((one) => one.tookMs);
  return {
    boundMs,
    tookMs,
    unfinished: peers - tookMs.length,
    seederCopies: source.uploadedBytes / bytes,
    load: seen.load,
    loadEveryMs: seen.everyMs,
    steps: net.stopwatch.steps,
    stepMs: net.stopwatch.stepMs,
    events: net.queue.happened,
  };
}
