import { second } from "#sdk/base/time.ts";
import type { Visitor } from "../scenarios.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { costOf, HomeSwarm, type HomeSwarmSize, sized, tookMs } from "./home-swarm.ts";

/** About when half of the bytes are there: the fluid bound of these homes is 80 s. Then the newcomers come. */
const VANISHES_AT_MS = 30 * second;
const NEWCOMERS = 0.25;
const NEWCOMERS_WITHIN_MS = 30 * second;
const BYTES = 50_000_000;

/** A swarm that loses its tracker, and newcomers of whom each knows one peer, any one, that is there. */
export function serverlessWorld(size: HomeSwarmSize, progress: Progress) {
  const swarm = new HomeSwarm(size);
  const { world, content } = swarm;
  const newcomers: Visitor[] = [];
  const count = Math.max(1, Math.round(NEWCOMERS * size.peers));
  for (const [home, atMs] of swarm.arrivals().entries()) {
    if (home < size.peers - count) swarm.visit(atMs, { home });
    else {
      const comesAt = VANISHES_AT_MS + 1 + world.random.next() * NEWCOMERS_WITHIN_MS;
      swarm.visit(comesAt, { home }, (visitor) => {
        const there = world.hosts.slice(0, visitor.host.index).filter(({ gone }) => !gone);
        const known = there[world.random.below(there.length)];
        if (known) visitor.host.links.bootstrap(known.peer, content.content);
        newcomers.push(visitor);
      });
    }
  }
  world.queue.at(VANISHES_AT_MS, () => world.tracker.vanish());
  const seen = swarm.run(progress, { from: 0, to: 1, name: "no server" });
  const others = swarm.visitors.filter((one) => !newcomers.includes(one));
  return {
    swarm,
    seen,
    newcomers: newcomers.length,
    newcomersMs: tookMs(newcomers),
    others: others.length,
    othersMs: tookMs(others),
  };
}

export const noServer: Scenario = {
  name: "no-server",
  about:
    "50 MB among 200 homes, one seeder; the tracker vanishes at 30 s, then a quarter comes knowing one peer",
  peers: 200,
  run(run) {
    const result = serverlessWorld(sized(run, BYTES), run.progress);
    return {
      boundMs: result.swarm.boundMs,
      figures: [
        {
          name: "newcomersFinished",
          value: result.newcomersMs.length / result.newcomers,
          meaning: "of the newcomers, who finished",
          goal: "= 1",
        },
        {
          name: "othersFinished",
          value: result.othersMs.length / result.others,
          meaning: "of those before them, who finished",
        },
        { name: "newcomers", value: result.newcomers, meaning: "who came when the tracker was gone" },
      ],
      completions: [
        { name: "before", values: result.othersMs },
        { name: "newcomers", values: result.newcomersMs },
      ],
      load: [{ name: "seeder", values: result.seen.load }],
      loadEveryMs: result.seen.everyMs,
      ...costOf(result.swarm),
    };
  },
};
