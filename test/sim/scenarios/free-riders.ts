import { percentile } from "../tool/percentile.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { costOf, HomeSwarm, type HomeSwarmSize, sized, tookMs } from "./home-swarm.ts";

const FREE_RIDERS = 0.3;
const BYTES = 50_000_000;

/** Two worlds of the same homes: in one, some of them claim their pieces, and never let anybody have one. */
export function freeRiderWorlds(size: HomeSwarmSize, progress: Progress) {
  const worlds = [FREE_RIDERS, 0].map((share, at) => {
    const swarm = new HomeSwarm(size);
    const riders = Math.round(share * size.peers);
    const honest = Math.round((1 - FREE_RIDERS) * size.peers);
    const contributors: number[] = [];
    for (const [home, atMs] of swarm.arrivals().entries()) {
      const rides = home >= size.peers - riders;
      swarm.visit(atMs, { home, engine: rides ? { uploadSlots: 0 } : {} }, ({ host }) => {
        // The same homes are compared in both worlds.
        if (home < honest) contributors.push(host.index);
      });
    }
    const name = rides(share);
    const seen = swarm.run(progress, { from: at / 2, to: (at + 1) / 2, name });
    const ours = new Set(contributors);
    const [giving, taking] = [true, false].map((gives) =>
      tookMs(swarm.visitors.filter(({ host }) => ours.has(host.index) === gives)),
    );
    return { swarm, seen, name, contributorsMs: giving ?? [], othersMs: taking ?? [] };
  });
  const [ridden, free] = worlds;
  if (!ridden || !free) throw new Error("There are two worlds.");
  return {
    ridden,
    free,
    contributorsP90OverNone: percentile(ridden.contributorsMs, 0.9) / percentile(free.contributorsMs, 0.9),
    unfinished: worlds.reduce((sum, { swarm }) => sum + swarm.world.wanting.length, 0),
  };
}

function rides(share: number): string {
  return share > 0 ? `${100 * share} % free riders` : "no free riders";
}

export const freeRiders: Scenario = {
  name: "free-riders",
  about: "50 MB among 200 homes, one seeder; 30 % never upload, against the same homes when all do",
  peers: 200,
  run(run) {
    const worlds = freeRiderWorlds(sized(run, BYTES), run.progress);
    const { ridden, free } = worlds;
    return {
      boundMs: free.swarm.boundMs,
      figures: [
        {
          name: "contributorsP90OverNone",
          value: worlds.contributorsP90OverNone,
          meaning: "contributors' p90 over the same homes' without free riders",
          goal: "≤ 1.1",
        },
        {
          name: "ridersP50OverContributors",
          value: percentile(ridden.othersMs, 0.5) / percentile(ridden.contributorsMs, 0.5),
          meaning: "free riders' median over contributors'",
        },
        { name: "unfinished", value: worlds.unfinished, meaning: "viewers that did not finish" },
      ],
      completions: [
        { name: "contributors", values: ridden.contributorsMs },
        { name: "free riders", values: ridden.othersMs },
        { name: "contributors, nobody riding", values: free.contributorsMs },
      ],
      load: [
        { name: ridden.name, values: ridden.seen.load },
        { name: free.name, values: free.seen.load },
      ],
      loadEveryMs: free.seen.everyMs,
      ...costOf(ridden.swarm, free.swarm),
    };
  },
};
