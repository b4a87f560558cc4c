import { MIB } from "#sdk/base/bytes.ts";
import { minute, second } from "#sdk/base/time.ts";
import type { Patience } from "#sdk/engine/io.ts";
import type { LineOptions } from "../line.ts";
import { homeLine, type Visitor, visitor } from "../scenarios.ts";
import { simContent } from "../sim-content.ts";
import { fluidBoundMs } from "../tool/fluid-bound.ts";
import { observedRun } from "../tool/observed-run.ts";
import { percentile } from "../tool/percentile.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { World } from "../world.ts";

const BYTES = 200_000_000;
const JOIN_WITHIN_MS = 10 * second;
/** As a film of 2.5 Mbit/s that may take 2.5 s to begin: half of the slowest line. */
const FILM: Patience = { firstByteMs: 2.5 * second, minBytesPerSecond: 312_500 };
/** The fastest line there is, for each viewer at once: with this origin nobody needs peers. */
const ORIGIN_BYTES_PER_VIEWER = 6_250_000;
/** As TCP's window after a while: a line of 50 Mbit/s at a round trip of 240 ms is full with 1.5 MB. */
const FLOW_WINDOW_BYTES = 4 * MIB;
/** Who cannot connect to others like them, and dials that fail for no reason. */
const SYMMETRIC = 0.1;
const DIAL_FAILURES = 0.05;
/** A player has this much in hand before it stalls. */
const STALL_MS = 1 * second;
const UNTIL_MS = 30 * minute;

/** Two worlds of the same viewers and the same origin: with peers, and with a tracker that nobody reaches. */
export function crowdWorlds(
  size: { readonly seed: number; readonly peers: number; readonly bytes: number },
  progress: Progress,
) {
  const together = crowdWorld(size, true, (share, doing) => progress(share * 0.8, `with peers, ${doing}`));
  const alone = crowdWorld(size, false, (share, doing) => progress(0.8 + share * 0.2, `without, ${doing}`));
  const took = (visitors: readonly Visitor[]) =>
    visitors.map(({ consumer }) =>
      consumer.doneAt === undefined ? Number.POSITIVE_INFINITY : consumer.tookMs,
    );
  const [withPeers, without] = [took(together.visitors), took(alone.visitors)];
  const late = together.visitors.filter(({ consumer }) => consumer.worstLateMs > STALL_MS).length;
  const worstLateMs = Math.max(...together.visitors.map(({ consumer }) => consumer.worstLateMs));
  const slower = withPeers.filter((ms, i) => ms > (without[i] ?? 0)).length;
  return {
    together,
    alone,
    withPeers,
    without,
    copies: together.world.origin.bytes / size.bytes,
    slowestOverAlone: percentile(withPeers, 1) / percentile(without, 1),
    lateShare: late / size.peers,
    worstLateMs,
    slowerShare: slower / size.peers,
    unfinished: together.world.wanting.length,
  };
}

function crowdWorld(
  { seed, peers, bytes }: { readonly seed: number; readonly peers: number; readonly bytes: number },
  meet: boolean,
  progress: Progress,
) {
  const world = new World({
    seed,
    origin: {
      upBytesPerSecond: ORIGIN_BYTES_PER_VIEWER * peers,
      flowWindowBytes: FLOW_WINDOW_BYTES,
    },
    tracker: { up: meet },
    options: { watched: false, dialFailures: DIAL_FAILURES },
  });
  world.stopwatch.running = true;
  const content = simContent(1, [bytes]);
  // Drawn first, so that both worlds have the same viewers, whatever happens in them.
  const homes = Array.from({ length: peers }, () => ({
    line: homeLine(world),
    symmetric: world.random.next() < SYMMETRIC,
    atMs: world.random.next() * JOIN_WITHIN_MS,
  }));
  const visitors: Visitor[] = [];
  const arrived = { count: 0 };
  for (const [i, { line, symmetric, atMs }] of homes.entries()) {
    world.queue.at(atMs, () => {
      const nat = symmetric ? "symmetric" : "open";
      visitors[i] = visitor(world, content, { patience: FILM, line, nat });
      arrived.count++;
    });
  }
  const seen = observedRun(world, {
    untilMs: UNTIL_MS,
    everyMs: 1 * second,
    sentBytes: () => world.origin.bytes,
    share: () => world.usefulBytes / (bytes * peers),
    progress: (share) => progress(share, `${(world.queue.now / second).toFixed(0)} s`),
    more: () => arrived.count < peers,
  });
  const lines: LineOptions[] = homes.map(({ line }) => line);
  const sourceBytesPerSecond = ORIGIN_BYTES_PER_VIEWER * peers;
  return { world, visitors, seen, boundMs: fluidBoundMs({ bytes, sourceBytesPerSecond, peers: lines }) };
}

export const flashCrowd: Scenario = {
  name: "flash-crowd",
  about: "200 MB at the pace of a film to 1,000 homes within 10 s, and an origin that could serve each alone",
  peers: 1000,
  run({ seed, peers, progress }) {
    const worlds = crowdWorlds({ seed, peers, bytes: BYTES }, progress);
    const { together, alone } = worlds;
    const finite = (values: readonly number[]) => values.filter((ms) => Number.isFinite(ms));
    return {
      boundMs: together.boundMs,
      figures: [
        { name: "copies", value: worlds.copies, meaning: "copies that left the origin", goal: "≤ 3" },
        {
          name: "slowestOverAlone",
          value: worlds.slowestOverAlone,
          meaning: "the slowest viewer over the slowest without peers",
          goal: "≤ 1",
        },
        {
          name: "lateShare",
          value: worlds.lateShare,
          meaning: "viewers for whom a byte came over 1 s later than the film's pace",
        },
        { name: "worstLateMs", value: worlds.worstLateMs, meaning: "the latest byte after its time, ms" },
        {
          name: "slowerShare",
          value: worlds.slowerShare,
          meaning: "viewers who had the whole film later than alone",
        },
        { name: "originRequests", value: together.world.origin.requests, meaning: "requests to the origin" },
        { name: "unfinished", value: worlds.unfinished, meaning: "viewers that did not finish", goal: "= 0" },
      ],
      completions: [
        { name: "with peers", values: finite(worlds.withPeers) },
        { name: "without", values: finite(worlds.without) },
      ],
      load: [
        { name: "with peers", values: together.seen.load },
        { name: "without", values: alone.seen.load },
      ],
      loadEveryMs: together.seen.everyMs,
      steps: together.world.stopwatch.steps + alone.world.stopwatch.steps,
      stepMs: together.world.stopwatch.stepMs + alone.world.stopwatch.stepMs,
    };
  },
};
