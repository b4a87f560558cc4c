import type { Page } from "puppeteer-core";
import type { ShareStage } from "../../../e2e/support/share-stage.ts";
import { figure } from "../figures.ts";
import { arrived, openLink } from "./arrival.ts";
import { type BenchPage, openSide, pause, type Side } from "./bench-page.ts";
import { makeUp, shareMade } from "./made-up-files.ts";
import type { ShareBenchOptions } from "./options.ts";
import { checkContent, endShare } from "./same-content.ts";
import { type FileShape, tinyFiles } from "./share-figures.ts";

declare const window: Window & BenchPage;

const TINY_BYTES = 1600;
const WITHIN_SECONDS = 300;

interface TinyRound {
  /** From the call of `share` until there is a link. */
  readonly shareMs: number;
  /** From the call of `receive`, which follows, until everything is there. */
  readonly receiveMs: number;
  /** What the browser takes to read all files once, as blobs of many: the least that anybody who sends them waits. */
  readonly readMs: number;
}

/** Very many very small files against one file of as many bytes, in turns; nothing is hashed beforehand. */
export async function tinyCase(
  stage: ShareStage,
  { rounds, sizes }: ShareBenchOptions,
): Promise<Record<string, unknown>> {
  const manyFiles = tinyFiles(sizes.tinyFiles, TINY_BYTES);
  const oneFile = { path: "one.bin", sizeBytes: sizes.tinyFiles * TINY_BYTES };
  const sender = await openSide(stage);
  const receiver = await openSide(stage);
  const one: TinyRound[] = [];
  const many: TinyRound[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      one.push(await tinyRound({ stage, sender, receiver, files: [oneFile] }));
      many.push(await tinyRound({ stage, sender, receiver, files: manyFiles }));
      console.log(
        `tiny, round ${round + 1}: one file ${told(one.at(-1))}; ${manyFiles.length} ${told(many.at(-1))}`,
      );
    }
  } finally {
    await sender.close();
    await receiver.close();
  }
  return {
    tinyFiles: manyFiles.length,
    ...figure(
      "tinyRatio",
      many.map((round, at) => wholeMs(round) / wholeMs(one[at])),
    ),
    ...figure("tinyMs", many.map(wholeMs)),
    ...figure(
      "tinyShareMs",
      many.map(({ shareMs }) => shareMs),
    ),
    ...figure(
      "tinyReadMs",
      many.map(({ readMs }) => readMs),
    ),
    ...figure("tinyOneFileMs", one.map(wholeMs)),
  };
}

function wholeMs(round: TinyRound | undefined): number {
  return (round?.shareMs ?? 0) + (round?.receiveMs ?? 0);
}

function told(round: TinyRound | undefined): string {
  return `${Math.round(wholeMs(round))} ms (${Math.round(round?.shareMs ?? 0)} of them until there is a link; ${Math.round(round?.readMs ?? 0)} ms to read them once)`;
}

async function tinyRound(given: {
  readonly stage: ShareStage;
  readonly sender: Side;
  readonly receiver: Side;
  readonly files: readonly FileShape[];
}): Promise<TinyRound> {
  const { stage, files } = given;
  const sender = await given.sender.openShare();
  const receiver = await given.receiver.openShare();
  await makeUp(sender, files);
  await pause(700);
  const { link, shareMs } = await shareMade(sender, stage.signalUrl);
  await openLink(receiver, link, { signal: stage.signalUrl, notes: "end" });
  const { openedAt, doneAt } = await arrived(receiver, WITHIN_SECONDS);
  await checkContent(sender, receiver, files);
  const readMs = await readAll(sender);
  await endShare(receiver);
  await endShare(sender);
  return { shareMs, receiveMs: doneAt - openedAt, readMs };
}

/** A quarter of the files at once: so much is read together when it is hashed. */
function readAll(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const files = (window.made ?? []).map(({ file }) => file);
    const some = Math.ceil(files.length / 4);
    const startedAt = performance.now();
    for (let at = 0; at < files.length; at += some) await new Blob(files.slice(at, at + some)).arrayBuffer();
    return performance.now() - startedAt;
  });
}
