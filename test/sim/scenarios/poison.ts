import { percentile } from "../tool/percentile.ts";
import type { Progress, Scenario } from "../tool/scenario.ts";
import { costOf, HomeSwarm, type HomeSwarmSize, sized, tookMs } from "./home-swarm.ts";

const POISONERS = 0.2;
/** Of the chunks that a poisoner sends: enough to spoil three pieces in four, few enough to look well at times. */
const LIES = 0.3;
const BYTES = 50_000_000;

/** Two worlds of the same homes: in one, some of them flip a bit in many of the chunks they send. */
export function poisonWorlds(size: HomeSwarmSize, progress: Progress) {
  const worlds = [POISONERS, 0].map((share, at) => {
    const swarm = new HomeSwarm(size);
    const poisoners = Math.round(share * size.peers);
    const honest = Math.round((1 - POISONERS) * size.peers);
    const compared = new Set<number>();
    for (const [home, atMs] of swarm.arrivals().entries()) {
      const lies = home >= size.peers - poisoners ? LIES : 0;
      swarm.visit(atMs, { home, lies }, ({ host }) => {
        if (home < honest) compared.add(host.index);
      });
    }
    const name = share > 0 ? `${100 * share} % poisoners` : "no poisoners";
    const seen = swarm.run(progress, { from: at / 2, to: (at + 1) / 2, name });
    return {
      swarm,
      seen,
      name,
      honestMs: tookMs(swarm.visitors.filter(({ host }) => compared.has(host.index))),
    };
  });
  const [poisoned, clean] = worlds;
  if (!poisoned || !clean) throw new Error("There are two worlds.");
  const sum = (of: (host: HomeSwarm["source"]) => number) =>
    poisoned.swarm.world.hosts.reduce((total, host) => total + of(host), 0);
  return {
    poisoned,
    clean,
    wrongBytesDelivered: sum(({ wrongBytes }) => wrongBytes),
    p90OverNone: percentile(poisoned.honestMs, 0.9) / percentile(clean.honestMs, 0.9),
    bans: sum(({ bans }) => bans),
    honestBans: sum(({ honestBans }) => honestBans),
    unfinished: poisoned.swarm.world.wanting.length + clean.swarm.world.wanting.length,
  };
}

export const poison: Scenario = {
  name: "poison",
  about: "50 MB among 200 homes, one seeder; 20 % send wrong bytes, against the same homes when none does",
  peers: 200,
  run(run) {
    const worlds = poisonWorlds(sized(run, BYTES), run.progress);
    const { poisoned, clean } = worlds;
    return {
      boundMs: clean.swarm.boundMs,
      figures: [
        {
          name: "wrongBytesDelivered",
          value: worlds.wrongBytesDelivered,
          meaning: "wrong bytes that a page got",
          goal: "= 0",
        },
        {
          name: "p90OverNone",
          value: worlds.p90OverNone,
          meaning: "honest homes' p90 over the same without poison",
          goal: "≤ 1.3",
        },
        { name: "bans", value: worlds.bans, meaning: "bans of one peer by another" },
        { name: "honestBans", value: worlds.honestBans, meaning: "bans of an honest peer", goal: "= 0" },
        { name: "unfinished", value: worlds.unfinished, meaning: "viewers that did not finish" },
      ],
      completions: [
        { name: poisoned.name, values: poisoned.honestMs },
        { name: clean.name, values: clean.honestMs },
      ],
      load: [
        { name: poisoned.name, values: poisoned.seen.load },
        { name: clean.name, values: clean.seen.load },
      ],
      loadEveryMs: clean.seen.everyMs,
      ...costOf(poisoned.swarm, clean.swarm),
    };
  },
};
