import { percentile } from "../tool/percentile.ts";
import type { Scenario } from "../tool/scenario.ts";
import { oneSeeder } from "./one-seeder.ts";

/** The classic question: one machine has 5 GB that a thousand others in the same hall need. In turn it would take 1,000 s. */
export const datacenter: Scenario = {
  name: "datacenter",
  about: "5 GB as 1,000 pieces from one seeder to 1,000 nodes, 5 GB/s each way",
  peers: 1000,
  run(run) {
    const result = oneSeeder(run, { pieces: 1000, pieceBytes: 5_000_000, bytesPerSecond: 5e9 });
    const { boundMs, tookMs, unfinished, seederCopies, load, loadEveryMs } = result;
    const lastMs = unfinished > 0 ? Number.POSITIVE_INFINITY : percentile(tookMs, 1);
    return {
      boundMs,
      figures: [
        {
          name: "completionOverBound",
          value: lastMs / boundMs,
          meaning: "the last one over the bound",
          goal: "≤ 1.25",
        },
        { name: "p50OverBound", value: percentile(tookMs, 0.5) / boundMs, meaning: "median over the bound" },
        { name: "unfinished", value: unfinished, meaning: "nodes that did not finish", goal: "= 0" },
        { name: "seederCopies", value: seederCopies, meaning: "copies that left the seeder" },
      ],
      completions: [{ name: "nodes", values: tookMs }],
      load: [{ name: "seeder", values: load }],
      loadEveryMs,
      steps: result.steps,
      stepMs: result.stepMs,
    };
  },
};
