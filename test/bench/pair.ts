// Goodput and long tasks of one pair of browsers, 64 MB, against a bare RTCDataChannel between two pages in the same run.
import { MIB } from "#sdk/base/bytes.ts";
import { openStage, type Stage, type Viewer } from "../e2e/support/stage.ts";
import { fetchAll, stats, until } from "../e2e/support/visit.ts";
import { median } from "../support/median.ts";
import { bareTransfer, WARM_UP_BYTES } from "./support/bare-channel.ts";
import { type LongTasks, longTaskFigures, watchLongTasks } from "./support/long-tasks.ts";

const SIZE = 64 * 1000 * 1000;
const ROUNDS = Number(process.argv[2] ?? 5);

interface Round {
  readonly bytesPerSecond: number;
  /** The sending page's, then the receiving one's. */
  readonly longTasks: readonly LongTasks[];
}

async function main(): Promise<void> {
  const stage = await openStage({ sizes: { "film.bin": SIZE, "warm-up.bin": WARM_UP_BYTES } });
  try {
    const seeder = await openQuiet(stage);
    await fetchAll(seeder, ["film.bin", "warm-up.bin"]);
    const bare: Round[] = [];
    const rivulet: Round[] = [];
    // Taken in turns, so that whatever else the machine does befalls both alike.
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareRound(stage));
      rivulet.push(await rivuletRound(stage, seeder));
      console.log(`round ${round + 1}: bare ${told(bare.at(-1))}; rivulet ${told(rivulet.at(-1))}`);
    }
    const bareRate = rateOf(bare);
    const rivuletRate = rateOf(rivulet);
    const bareTasks = longTaskFigures("Bare", tasksOf(bare));
    const rivuletTasks = longTaskFigures("Rivulet", tasksOf(rivulet));
    console.log(
      JSON.stringify({
        bench: "pair",
        bytes: SIZE,
        rounds: ROUNDS,
        bareBytesPerSecond: Math.round(bareRate),
        rivuletBytesPerSecond: Math.round(rivuletRate),
        goodputRatio: rounded(rivuletRate / bareRate),
        ...bareTasks,
        ...rivuletTasks,
        // Of nothing at all there is no ratio.
        longTaskRatio: bareTasks.longTaskMsBare
          ? rounded((rivuletTasks.longTaskMsRivulet ?? 0) / bareTasks.longTaskMsBare)
          : null,
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

/** From the first request to the last byte, over a connection that is already open. */
async function rivuletRound(stage: Stage, seeder: Viewer): Promise<Round> {
  const viewer = await openQuiet(stage);
  await until(viewer, ({ peers }) => peers.length === 1);
  const before = stage.originBytes();
  // As the bare channel's, the first bytes are not counted: both have their slow start behind them.
  await fetchAll(viewer, ["warm-up.bin"]);
  await quiet();
  const tasks = await watchLongTasks(seeder.page, viewer.page);
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
  const longTasks = await tasks();
  if (stage.originBytes() !== before) {
    const { tracker, peers } = await stats(viewer);
    throw new Error(
      `The origin was asked: this was no transfer between two peers (tracker ${tracker}, ${peers.length} peers).`,
    );
  }
  await viewer.close();
  return { bytesPerSecond: (SIZE * 1000) / elapsedMs, longTasks };
}

/** Pages that have just been opened keep the browser busy for a while, with a process for the next one among others. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 700));
}

async function bareRound(stage: Stage): Promise<Round> {
  const sender = await stage.open("/blank.html");
  const receiver = await stage.open("/blank.html");
  await quiet();
  const tasks = await watchLongTasks(sender.page, receiver.page);
  const elapsedMs = await bareTransfer({ sender: sender.page, receiver: receiver.page, bytes: SIZE });
  const longTasks = await tasks();
  await sender.close();
  await receiver.close();
  return { bytesPerSecond: (SIZE * 1000) / elapsedMs, longTasks };
}

function rateOf(rounds: readonly Round[]): number {
  return median(rounds.map(({ bytesPerSecond }) => bytesPerSecond));
}

function tasksOf(rounds: readonly Round[]): readonly (readonly LongTasks[])[] {
  return rounds.map(({ longTasks }) => longTasks);
}

function told(round: Round | undefined): string {
  const tasks = round?.longTasks.map(({ count, totalMs }) => `${count} (${Math.round(totalMs)} ms)`);
  return `${((round?.bytesPerSecond ?? 0) / MIB).toFixed(1)} MiB/s, long tasks ${tasks?.join(" and ")}`;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}

await main();
