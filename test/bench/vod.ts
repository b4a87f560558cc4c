// Copies of a film that leave the origin, with hls.js, Rivulet and P2P Media Loader; stalls, and a slow origin.
import { type BenchOptions, benchOptions } from "./support/bench-options.ts";
import { copiesCase } from "./support/vod-copies.ts";
import { renditionsCase } from "./support/vod-renditions.ts";
import { slowOriginCase, uplinkCase } from "./support/vod-trouble.ts";

const CASES = {
  copies: copiesCase,
  renditions: renditionsCase,
  uplink: uplinkCase,
  "slow-origin": slowOriginCase,
};

async function main(): Promise<void> {
  const options: BenchOptions = benchOptions({ viewers: [3, 6], cases: Object.keys(CASES) });
  const figures: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(CASES))
    if (options.only.length === 0 || options.only.includes(name)) Object.assign(figures, await run(options));
  const { runs, container, playlist } = options;
  console.log(JSON.stringify({ bench: "vod", runs, container, playlist, ...figures }));
}

await main();
