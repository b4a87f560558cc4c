import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "#sdk/content/manifest.ts";
import { mediaPlaylist, pathsOf, type Stage, stage, until } from "./manifest-stage.ts";

export const media = fileURLToPath(new URL("../../media/", import.meta.url));

/** Real media, cut as a packager would: bytes are all that counts here. */
const film = readFileSync(join(media, "film.mpegts"));
export const segment = (n: number): Uint8Array =>
  film.subarray((n % 20) * 20_000, (n % 20) * 20_000 + 150_000 + n);
export const names = (from: number, to: number, folder = ""): string[] =>
  Array.from({ length: to - from }, (_, index) => `${folder}s${from + index}.ts`);

/** A live channel whose playlist a test writes. */
export async function channel(t: Parameters<typeof stage>[0], given: Parameters<typeof stage>[1] = {}) {
  const live = await stage(t, given);
  const { origin } = live;
  const show = (from: number, to: number, more: Parameters<typeof mediaPlaylist>[1] = {}): void => {
    for (let n = from; n < to; n++) origin.files.set(`/live/s${n}.ts`, segment(n));
    origin.files.set("/live/index.m3u8", new TextEncoder().encode(mediaPlaylist(names(from, to), more)));
  };
  const manifest = () => live.manifest("/live/index.m3u8");
  const reads = () => origin.log.requests("/live/index.m3u8").length;
  const isQuiet = () => live.service.load().fetchesRunning === 0;
  /** Waits until all of these are listed, and nothing else, and nothing is under way that would add more. */
  const lists = async (...listed: readonly string[]): Promise<Manifest> => {
    const wanted = listed.map((name) => `live/${name}`).sort();
    let found: Manifest | undefined;
    await until(async () => {
      found = await manifest();
      return isQuiet() && pathsOf(found).sort().join() === wanted.join();
    }, `it lists ${wanted.join()}`);
    return found ?? assert.fail();
  };
  return { ...live, show, manifest, reads, lists, isQuiet };
}

/** Lets time pass until the playlist is read again. */
export const polled = async ({ clock }: Stage, reads: () => number, ms: number): Promise<void> => {
  const before = reads();
  clock.pass(ms);
  await until(() => reads() > before, "the playlist is read again");
};
