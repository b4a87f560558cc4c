import type { ShareProgress } from "#sdk/client/share/share-events.ts";
import type { SharePage, SharePageGlobals, ShareStage } from "./share-stage.ts";

declare const window: Window & SharePageGlobals;

/** A file of bytes that a seed makes, the same wherever it is made. */
export interface SeededFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly seed: number;
}

/** Has a page share files that it makes up; returns the link. */
export function sendFrom(
  { page }: SharePage,
  { signalUrl }: Pick<ShareStage, "signalUrl">,
  {
    files,
    ...options
  }: {
    readonly files: readonly SeededFile[];
    readonly password?: string;
    readonly uploadBytesPerSecond?: number;
  },
): Promise<string> {
  return page.evaluate(
    async (files, options) => {
      const block = 1 << 20;
      const made = files.map(({ path, sizeBytes, seed }) => {
        const parts: Uint8Array<ArrayBuffer>[] = [];
        for (let at = 0, turn = 0; at < sizeBytes; at += block, turn++) {
          const words = new Uint32Array(block / 4);
          let state = (seed * 0x9e3779b9 + turn * 0x85ebca6b) >>> 0 || 1;
          for (let word = 0; word < words.length; word++) {
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            words[word] = state;
          }
          parts.push(new Uint8Array(words.buffer, 0, Math.min(block, sizeBytes - at)));
        }
        return { file: new File(parts, path.split("/").at(-1) ?? ""), path };
      });
      window.sent = await window.share(made, options);
      window.sent.on("problem", ({ error }) => window.problems.push(`${error.code}: ${error.message}`));
      return window.sent.link;
    },
    files,
    { signal: signalUrl, ...options },
  );
}

/** Has a page open a link; it does not wait for the end. */
export async function receiveOn(
  { page }: SharePage,
  link: string,
  {
    signalUrl: signal,
    password,
    uploadBytesPerSecond,
  }: Pick<ShareStage, "signalUrl"> & { readonly password?: string; readonly uploadBytesPerSecond?: number },
): Promise<void> {
  await page.evaluate(
    async (link, options) => {
      window.received = await window.receive(link, options);
      window.received.on("problem", ({ error }) => window.problems.push(`${error.code}: ${error.message}`));
      window.received.done.catch(() => undefined);
    },
    link,
    { signal, ...(password && { password }), ...(uploadBytesPerSecond && { uploadBytesPerSecond }) },
  );
}

/** Settles when the page has all of it. */
export async function whole({ page }: SharePage): Promise<void> {
  await page.evaluate(() => window.received?.done);
}

export function progressOf({ page }: SharePage): Promise<ShareProgress | undefined> {
  return page.evaluate(() => (window.received ?? window.sent)?.progress);
}

export function problemsOf({ page }: SharePage): Promise<string[]> {
  return page.evaluate(() => window.problems);
}

/** How many bytes of each received file differ from what its seed makes; -1: another length. */
export function wrongBytes({ page }: SharePage, files: readonly SeededFile[]): Promise<number[]> {
  return page.evaluate(async (files) => {
    const block = 1 << 20;
    const wrong: number[] = [];
    for (const [index, { sizeBytes, seed }] of files.entries()) {
      const file = await window.received?.file(index);
      let count = file?.size === sizeBytes ? 0 : -1;
      for (let at = 0, turn = 0; count >= 0 && at < sizeBytes; at += block, turn++) {
        const words = new Uint32Array(block / 4);
        let state = (seed * 0x9e3779b9 + turn * 0x85ebca6b) >>> 0 || 1;
        for (let word = 0; word < words.length; word++) {
          state ^= state << 13;
          state ^= state >>> 17;
          state ^= state << 5;
          words[word] = state;
        }
        const expected = new Uint8Array(words.buffer);
        const got = new Uint8Array((await file?.slice(at, at + block).arrayBuffer()) ?? new ArrayBuffer(0));
        for (let byte = 0; byte < got.length; byte++) if (got[byte] !== expected[byte]) count++;
      }
      wrong.push(count);
    }
    return wrong;
  }, files);
}
