// The signaling server beside bittorrent-tracker and bare ws: speed, memory, and what it withstands.
import { printTable } from "./support/figures.ts";
import { announceCase } from "./support/signaling/announce-case.ts";
import { clusterCase } from "./support/signaling/cluster-case.ts";
import { floodCase } from "./support/signaling/flood-case.ts";
import { hostileCase } from "./support/signaling/hostile-case.ts";
import { memoryCase } from "./support/signaling/memory-case.ts";
import type { Outcome } from "./support/signaling/outcome.ts";
import { relayCase } from "./support/signaling/relay-case.ts";
import { reopenCase } from "./support/signaling/reopen-case.ts";
import {
  type CaseName,
  type SignalingBenchOptions,
  signalingBenchOptions,
} from "./support/signaling/signaling-options.ts";

const CASES: Readonly<Record<CaseName, (options: SignalingBenchOptions) => Promise<Outcome>>> = {
  announce: announceCase,
  relay: relayCase,
  memory: memoryCase,
  flood: floodCase,
  reopen: reopenCase,
  hostile: hostileCase,
  cluster: clusterCase,
};

async function main(): Promise<void> {
  const options = signalingBenchOptions();
  const fields: Record<string, unknown> = {};
  for (const name of options.cases) {
    const { title, head, rows, doubts, ...outcome } = await CASES[name](options);
    console.log(`${title}:`);
    printTable(head, rows);
    for (const doubt of new Set(doubts)) console.log(`Doubtful: ${doubt}`);
    Object.assign(fields, outcome.fields);
  }
  console.log(JSON.stringify({ bench: "signaling", runs: options.runs, ...fields }));
}

await main();
