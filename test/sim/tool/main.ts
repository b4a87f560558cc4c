import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { second } from "#sdk/base/time.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import { chart } from "./chart.ts";
import { type Order, readOrder } from "./order.ts";
import { shownProgress } from "./shown-progress.ts";
import { jsonLine, table } from "./told-result.ts";

const order = readOrder(process.argv.slice(2), SCENARIOS);
if ("problem" in order) {
  if (order.problem) console.error(order.problem);
  const list = SCENARIOS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join("\n");
  console.log(
    `npm run sim -- SCENARIO [--seed N] [--peers N] [--out DIR], where SCENARIO is one of:\n${list}`,
  );
  process.exitCode = 2;
} else simulate(order);

function simulate({ scenario, seed, peers, folder }: Order): void {
  console.log(`${scenario.name}: ${scenario.about}; ${peers} peers, seed ${seed}`);
  const shown = shownProgress(process.stderr);
  const startedAt = performance.now();
  const result = scenario.run({ seed, peers, progress: shown.progress });
  shown.stop();
  const told = {
    scenario,
    seed,
    peers,
    result,
    wallSeconds: (performance.now() - startedAt) / second,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  console.log(table(told));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${scenario.name}-${peers}-${seed}.svg`);
  writeFileSync(file, chart(told));
  console.log(`Chart: ${file}`);
  console.log(jsonLine(told));
}
