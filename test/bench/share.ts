// A share between pages: rate, copies in a crowd beside WebTorrent, memory, ten thousand files, and the wait for a first byte.
import { openShareStage, type ShareStage } from "../e2e/support/share-stage.ts";
import { goBehindLine } from "./support/limited-line.ts";
import { crowdCase } from "./support/share/crowd-case.ts";
import { firstByteCase } from "./support/share/first-byte-case.ts";
import { memoryCase } from "./support/share/memory-case.ts";
import { CASES, type Case, type ShareBenchOptions, shareBenchOptions } from "./support/share/options.ts";
import { pairCase } from "./support/share/pair-case.ts";
import { tinyCase } from "./support/share/tiny-case.ts";

type Run = (stage: ShareStage, options: ShareBenchOptions) => Promise<Record<string, unknown>>;

const RUNS: Readonly<Record<Case, Run>> = {
  pair: pairCase,
  crowd: crowdCase,
  memory: memoryCase,
  tiny: tinyCase,
  "first-byte": firstByteCase,
};

async function main(): Promise<void> {
  const options = shareBenchOptions();
  const { lineMbit } = options;
  if (lineMbit !== undefined) goBehindLine(lineMbit);
  const stage = await openShareStage();
  const figures: Record<string, unknown> = {};
  try {
    for (const name of CASES.filter((name) => options.cases.includes(name)))
      Object.assign(figures, await RUNS[name](stage, options));
  } finally {
    await stage.close();
  }
  console.log(JSON.stringify({ bench: "share", rounds: options.rounds, lineMbit, ...figures }));
}

await main();
