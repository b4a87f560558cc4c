import { MIB } from "#sdk/base/bytes.ts";
import { percentile } from "../tool/percentile.ts";
import type { Scenario } from "../tool/scenario.ts";
import { oneSeeder } from "./one-seeder.ts";

/** Uber's Kraken, as published: 3 GB in pieces of 4 MB to 2,600 hosts of 300 MB/s each way, and one seeder of the same rate. */
export const kraken: Scenario = {
  name: "kraken",
  about: "3 GB as 768 × 4 MB from one seeder to 2,600 hosts, 300 MB/s each way",
  peers: 2600,
  run(run) {
    const result = oneSeeder(run, { pieces: 768, pieceBytes: 4 * MIB, bytesPerSecond: 300e6 });
    const { boundMs, tookMs, unfinished, seederCopies, load, loadEveryMs } = result;
    const overBound = (share: number) => percentile(tookMs, share) / boundMs;
    return {
      boundMs,
      figures: [
        { name: "p50OverBound", value: overBound(0.5), meaning: "median over the bound", goal: "≤ 1.05" },
        { name: "p99OverBound", value: overBound(0.99), meaning: "99 % over the bound", goal: "≤ 1.25" },
        { name: "lastOverBound", value: overBound(1), meaning: "the last one over the bound" },
        { name: "unfinished", value: unfinished, meaning: "hosts that did not finish", goal: "= 0" },
        { name: "seederCopies", value: seederCopies, meaning: "copies that left the seeder" },
        { name: "events", value: result.events, meaning: "events of the simulator" },
      ],
      completions: [{ name: "hosts", values: tookMs }],
      load: [{ name: "seeder", values: load }],
      loadEveryMs,
      steps: result.steps,
      stepMs: result.stepMs,
    };
  },
};
