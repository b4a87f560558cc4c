// Goodput of one pair of browsers, 64 MB, against a bare RTCDataChannel between two pages in the same run.
import { MIB } from "#sdk/base/bytes.ts";
import { openStage, type Stage, type Viewer } from "../e2e/support/stage.ts";
import { fetchAll, stats, until } from "../e2e/support/visit.ts";
import { median } from "../support/median.ts";
import { bareTransfer, WARM_UP_BYTES } from "./support/bare-channel.ts";

const SIZE = 64 * 1000 * 1000;
const ROUNDS = 5;

async function main(): Promise<void> {
  const stage = await openStage({ sizes: { "film.bin": SIZE, "warm-up.bin": WARM_UP_BYTES } });
  try {
    const seeder = await openQuiet(stage);
    await fetchAll(seeder, ["film.bin", "warm-up.bin"]);
    const bare: number[] = [];
    const rivulet: number[] = [];
    // Taken in turns, so that whatever else the machine does befalls both alike.
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareRound(stage));
      rivulet.push(await rivuletRound(stage));
      console.log(`round ${round + 1}: bare ${rate(bare.at(-1))}, rivulet ${rate(rivulet.at(-1))}`);
    }
    const ratio = median(rivulet) / median(bare);
    console.log(
      JSON.stringify({
        bench: "pair",
        bytes: SIZE,
        rounds: ROUNDS,
        bareBytesPerSecond: Math.round(median(bare)),
        rivuletBytesPerSecond: Math.round(median(rivulet)),
        goodputRatio: Number(ratio.toFixed(3)),
      }),
    );
  } finally {
    await stage.close();
  }
}

/** A page that keeps pieces in memory, as the bare channel's does, and waits for peers as long as it takes. */
function openQuiet(stage: Stage): Promise<Viewer> {
  return stage.open("/bench.html");
}

/** Bytes per second from the first request to the last byte, over a connection that is already open. */
async function rivuletRound(stage: Stage): Promise<number> {
  const viewer = await openQuiet(stage);
  await until(viewer, ({ peers }) => peers.length === 1);
  const before = stage.originBytes();
  // As the bare channel's, the first bytes are not counted: both have their slow start behind them.
  await fetchAll(viewer, ["warm-up.bin"]);
  await quiet();
  const elapsedMs = await viewer.page.evaluate(async () => {
    const rivulet = Reflect.get(window, "Rivulet").current;
    const startedAt = performance.now();
    const response: Response = await rivulet.fetch("/assets/film.bin");
    const reader = response.body?.getReader();
    let bytes = 0;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      bytes += part.value.byteLength;
    if (bytes !== 64_000_000) throw new Error(`Got ${bytes} bytes.`);
    return performance.now() - startedAt;
  });
  if (stage.originBytes() !== before) {
    const { tracker, peers } = await stats(viewer);
    throw new Error(
      `The origin was asked: this was no transfer between two peers (tracker ${tracker}, ${peers.length} peers).`,
    );
  }
  await viewer.close();
  return (SIZE * 1000) / elapsedMs;
}

/** Pages that have just been opened keep the browser busy for a while, with a process for the next one among others. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 700));
}

async function bareRound(stage: Stage): Promise<number> {
  const sender = await stage.open("/blank.html");
  const receiver = await stage.open("/blank.html");
  await quiet();
  const elapsedMs = await bareTransfer({ sender: sender.page, receiver: receiver.page, bytes: SIZE });
  await sender.close();
  await receiver.close();
  return (SIZE * 1000) / elapsedMs;
}

function rate(bytesPerSecond = 0): string {
  return `${(bytesPerSecond / MIB).toFixed(1)} MiB/s`;
}

await main();
