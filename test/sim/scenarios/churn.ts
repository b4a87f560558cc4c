import { second } from "#sdk/base/time.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { costOf, HomeSwarm, type HomeSwarmSize, sized, tookMs } from "./home-swarm.ts";

const LEAVERS = 0.5;
/** Leavers go, and as many others come, at any time within this. */
const CHURN_MS = 60 * second;
const LINK_LOSS_PER_SECOND = 0.002;
const BYTES = 50_000_000;

/** Half of those who are there leave without a word, as many others come, and links break all the time. */
export function churnWorld(size: HomeSwarmSize, progress: Progress) {
  const swarm = new HomeSwarm(size, { linkLossPerSecond: LINK_LOSS_PER_SECOND });
  const { world } = swarm;
  const leavers = Math.round(LEAVERS * size.peers);
  for (const [home, atMs] of swarm.arrivals().entries()) {
    const leavesAt = atMs + world.random.next() * CHURN_MS;
    swarm.visit(atMs, { home }, ({ host }) => {
      if (home < leavers) world.queue.at(leavesAt, () => world.leave(host));
    });
  }
  for (let home = 0; home < leavers; home++)
    swarm.visit(world.queue.now + world.random.next() * CHURN_MS, { home });
  const seen = swarm.run(progress, { from: 0, to: 1, name: "churn" });
  const stayed = swarm.visitors.filter(({ host }) => !host.gone);
  return {
    swarm,
    seen,
    stayed: stayed.length,
    left: swarm.visitors.length - stayed.length,
    tookMs: tookMs(stayed),
    /** What those who stayed still miss. */
    lostBytes: stayed.reduce((sum, { consumer }) => sum + consumer.want.end - consumer.received, 0),
  };
}

export const churn: Scenario = {
  name: "churn",
  about: "50 MB among 200 homes, one seeder; half leave at random times, as many others join, links break",
  peers: 200,
  run(run) {
    const result = churnWorld(sized(run, BYTES), run.progress);
    return {
      boundMs: result.swarm.boundMs,
      figures: [
        {
          name: "finishedShare",
          value: result.tookMs.length / result.stayed,
          meaning: "of those that stayed, who finished",
          goal: "= 1",
        },
        {
          name: "lostBytes",
          value: result.lostBytes,
          meaning: "bytes that who stayed never got",
          goal: "= 0",
        },
        { name: "stayed", value: result.stayed, meaning: "viewers that stayed" },
        { name: "left", value: result.left, meaning: "viewers that left before the end" },
      ],
      completions: [{ name: "stayed", values: result.tookMs }],
      load: [{ name: "seeder", values: result.seen.load }],
      loadEveryMs: result.seen.everyMs,
      ...costOf(result.swarm),
    };
  },
};
