import type { Page } from "puppeteer-core";
import type { BenchPage } from "./bench-page.ts";
import { type FileShape, type Sample, samplesOf, treeDifferences } from "./share-figures.ts";

declare const window: Window & BenchPage;

const SAMPLES = 50;
const SAMPLE_BYTES = 64 * 1024;

/** Throws unless a receiver has the files that the sender made up: all paths and sizes, and samples of their bytes. */
export async function checkContent(sender: Page, receiver: Page, files: readonly FileShape[]): Promise<void> {
  const got = await receiver.evaluate(() =>
    (window.received?.files ?? []).map(({ path, sizeBytes }) => ({ path, sizeBytes })),
  );
  const differences = treeDifferences(files, got);
  if (differences > 0) throw new Error(`${differences} files are not what was shared.`);
  const samples = samplesOf(files, SAMPLES, SAMPLE_BYTES);
  const [made, received] = await Promise.all([
    madeHashes(sender, samples),
    receivedHashes(receiver, samples),
  ]);
  const wrong = made.filter((hash, at) => hash !== received[at]).length;
  if (wrong > 0) throw new Error(`${wrong} of ${made.length} samples have wrong bytes.`);
}

function madeHashes(page: Page, samples: readonly Sample[]): Promise<string[]> {
  return page.evaluate(async (samples) => {
    const files = new Map((window.made ?? []).map(({ path, file }) => [path, file]));
    const hashes: string[] = [];
    for (const { path, from, to } of samples) {
      const bytes = await files.get(path)?.slice(from, to).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes ?? new ArrayBuffer(0)));
      hashes.push(`${bytes?.byteLength} ${hash.join(" ")}`);
    }
    return hashes;
  }, samples);
}

function receivedHashes(page: Page, samples: readonly Sample[]): Promise<string[]> {
  return page.evaluate(async (samples) => {
    const places = new Map((window.received?.files ?? []).map(({ path }, at) => [path, at]));
    const hashes: string[] = [];
    for (const { path, from, to } of samples) {
      const file = await window.received?.file(places.get(path) ?? -1);
      const bytes = await file?.slice(from, to).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes ?? new ArrayBuffer(0)));
      hashes.push(`${bytes?.byteLength} ${hash.join(" ")}`);
    }
    return hashes;
  }, samples);
}

/** Ends a share, and takes what a page has of it off the disk. */
export async function endShare(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await window.received?.discard();
    await window.sent?.stop();
  });
  await page.close();
}
