import type { Page } from "puppeteer-core";
import { waitFor } from "../../../e2e/support/wait-for.ts";
import type { BenchPage } from "./bench-page.ts";
import type { FileShape } from "./share-figures.ts";

declare const window: Window & BenchPage;

/** A file that is hashed at a tenth of the speed that is usual still is in time, seconds. */
const HASHED_WITHIN_SECONDS = 600;

/**
 * Has a page make up files, to share later. They are one block of noise again and again with its number in front: neither
 * the page nor the browser holds more than that block, however large the file is.
 */
export async function makeUp(page: Page, files: readonly FileShape[]): Promise<void> {
  await page.evaluate((files) => {
    const noise = new Uint8Array(1 << 20);
    for (let at = 0; at < noise.length; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
    const number = (value: number) => new Uint32Array([value]);
    const large = files.some(({ sizeBytes }) => sizeBytes > noise.length);
    const noises = Array.from({ length: large ? 64 : 1 }, (_, at) => [number(at), noise.subarray(4)]).flat();
    const block = new Blob(noises);
    window.made = files.map(({ path, sizeBytes }, index) => {
      const parts: BlobPart[] = [];
      const step = sizeBytes > noise.length ? block.size : noise.length;
      for (let at = 0; at < sizeBytes; at += step) {
        const length = Math.min(step, sizeBytes - at);
        parts.push(number(index + at), large ? block.slice(4, length) : noise.subarray(4, length));
      }
      return { path, file: new File(parts, path.split("/").at(-1) ?? "") };
    });
  }, files);
}

/** Has a page share what it made up; returns the link and how long `share` took. */
export function shareMade(
  page: Page,
  signal: string,
  receivingPage?: string,
): Promise<{ link: string; shareMs: number }> {
  return page.evaluate(
    async (signal, receivingPage) => {
      const startedAt = performance.now();
      const options = { signal, ...(receivingPage && { page: receivingPage }) };
      window.sent = await window.share(window.made ?? [], options);
      return { link: window.sent.link, shareMs: performance.now() - startedAt };
    },
    signal,
    receivingPage,
  );
}

/** Everything is hashed: from now on the sender only sends. */
export async function untilHashed(page: Page): Promise<void> {
  await waitFor({
    look: () => page.evaluate(() => window.sent?.progress.state),
    wished: (state) => state === "seeding",
    seconds: HASHED_WITHIN_SECONDS,
    otherwise: "The sender has not hashed everything",
  });
}

export function uploadedBytes(page: Page): Promise<number> {
  return page.evaluate(() => window.sent?.progress.uploadedBytes ?? 0);
}
