import type { ShareStage } from "../../../e2e/support/share-stage.ts";
import { bareTransfer, WARM_UP_BYTES } from "../bare-channel.ts";
import { figure, rounded } from "../figures.ts";
import { arrived, openLink } from "./arrival.ts";
import { openSide, pause, type Side } from "./bench-page.ts";
import { fileChannelTransfer } from "./file-channel.ts";
import { makeUp, shareMade, untilHashed } from "./made-up-files.ts";
import type { ShareBenchOptions } from "./options.ts";
import { checkContent, endShare } from "./same-content.ts";
import { warmRate } from "./share-figures.ts";

const WITHIN_SECONDS = 600;

interface SharedRound {
  readonly bytesPerSecond: number;
  readonly wholeMs: number;
}

/**
 * One share against a bare data channel, and against one that only reads, hashes and writes, with the same number of bytes
 * after the same warm-up, in turns.
 */
export async function pairCase(
  stage: ShareStage,
  { rounds, sizes }: ShareBenchOptions,
): Promise<Record<string, unknown>> {
  const bytes = sizes.pairBytes;
  const sender = await openSide(stage);
  const receiver = await openSide(stage);
  const bare: number[] = [];
  const file: number[] = [];
  const shared: SharedRound[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      bare.push(await bareRate(sender, receiver, bytes));
      file.push(await fileRate(sender, receiver, bytes));
      shared.push(await sharedRound({ stage, sender, receiver, bytes }));
      const { bytesPerSecond = 0, wholeMs = 0 } = shared.at(-1) ?? {};
      console.log(
        `pair, round ${round + 1}: bare ${mb(bare.at(-1) ?? 0)} MB/s; file channel ${mb(file.at(-1) ?? 0)} MB/s; share ${mb(bytesPerSecond)} MB/s, whole ${Math.round(wholeMs)} ms`,
      );
    }
  } finally {
    await sender.close();
    await receiver.close();
  }
  const over = (reference: readonly number[]) =>
    shared.map(({ bytesPerSecond }, round) => bytesPerSecond / (reference[round] ?? 0));
  const rateOfWhole = ({ wholeMs }: SharedRound) => ((bytes + WARM_UP_BYTES) * 1000) / wholeMs;
  return {
    pairBytes: bytes,
    ...figure("pairGoodputRatio", over(bare)),
    ...figure("pairFileChannelRatio", over(file)),
    ...figure(
      "pairWholeRatio",
      shared.map((round, at) => rateOfWhole(round) / (bare[at] ?? 0)),
    ),
    ...figure("pairBareMbPerSecond", bare.map(toMb)),
    ...figure("pairFileChannelMbPerSecond", file.map(toMb)),
    ...figure(
      "pairShareMbPerSecond",
      shared.map(({ bytesPerSecond }) => toMb(bytesPerSecond)),
    ),
    ...figure(
      "pairWholeMs",
      shared.map(({ wholeMs }) => wholeMs),
    ),
  };
}

async function bareRate(sender: Side, receiver: Side, bytes: number): Promise<number> {
  const pages = { sender: await sender.openShare(), receiver: await receiver.openShare() };
  await pause(700);
  const elapsedMs = await bareTransfer({ ...pages, bytes });
  await pages.sender.close();
  await pages.receiver.close();
  return (bytes * 1000) / elapsedMs;
}

async function fileRate(sender: Side, receiver: Side, bytes: number): Promise<number> {
  const pages = { sender: await sender.openShare(), receiver: await receiver.openShare() };
  await makeUp(pages.sender, [{ path: "film.bin", sizeBytes: bytes + WARM_UP_BYTES }]);
  await pause(700);
  const elapsedMs = await fileChannelTransfer(pages);
  await pages.sender.close();
  await pages.receiver.close();
  return (bytes * 1000) / elapsedMs;
}

async function sharedRound(given: {
  readonly stage: ShareStage;
  readonly sender: Side;
  readonly receiver: Side;
  readonly bytes: number;
}): Promise<SharedRound> {
  const { stage, bytes } = given;
  const files = [{ path: "film.bin", sizeBytes: bytes + WARM_UP_BYTES }];
  const sender = await given.sender.openShare();
  const receiver = await given.receiver.openShare();
  await makeUp(sender, files);
  const { link } = await shareMade(sender, stage.signalUrl);
  await untilHashed(sender);
  await pause(700);
  await openLink(receiver, link, { signal: stage.signalUrl });
  const arrival = await arrived(receiver, WITHIN_SECONDS);
  await checkContent(sender, receiver, files);
  await endShare(receiver);
  await endShare(sender);
  return {
    bytesPerSecond: warmRate({ ...arrival, totalBytes: bytes + WARM_UP_BYTES }),
    wholeMs: arrival.doneAt - arrival.openedAt,
  };
}

function toMb(bytes: number): number {
  return bytes / 1_000_000;
}

function mb(bytes: number): number {
  return rounded(toMb(bytes));
}
