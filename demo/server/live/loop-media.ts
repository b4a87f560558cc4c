import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A segment of the picture that the channel shows over and over. */
export interface LoopSegment {
  readonly bytes: Uint8Array;
  readonly durationMs: number;
}

const mediaDir = fileURLToPath(new URL("../../public/media/channel/", import.meta.url));

/** Reads the committed loop, in the order of its playlist. */
export async function readLoop(directory = mediaDir): Promise<readonly LoopSegment[]> {
  const playlist = await readFile(join(directory, "index.m3u8"), "utf8");
  const listed = [...playlist.matchAll(/^#EXTINF:([\d.]+),.*\n(\S+)/gm)];
  return Promise.all(
    listed.map(async ([, seconds = "", name = ""]) => ({
      bytes: await readFile(join(directory, name)),
      durationMs: Math.round(Number(seconds) * 1000),
    })),
  );
}
