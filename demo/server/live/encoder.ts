import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { encoderArguments } from "./encoder-arguments.ts";
import type { Ffmpeg } from "./find-ffmpeg.ts";
import type { LoopSegment } from "./loop-media.ts";
import { firstSegmentNumber, type Packager } from "./packager.ts";

const FONT_FILES = [
  "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
  "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
  "/System/Library/Fonts/Menlo.ttc",
];
/** An ffmpeg that does not end when asked is killed after this long, ms. */
const END_TIMEOUT_MS = 2_000;

/** Has ffmpeg encode the loop over and over, in real time, with the wall clock in the picture. */
export function startEncoder(ffmpeg: Ffmpeg, folder: string, loop: readonly LoopSegment[]): Packager {
  const plan = {
    folder,
    firstNumber: firstSegmentNumber(Date.now()),
    version: ffmpeg.version,
    fontFile: FONT_FILES.find((file) => existsSync(file)),
  };
  const child = spawn(ffmpeg.path, encoderArguments(plan), { stdio: ["pipe", "ignore", "pipe"] });
  let lastWords = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    lastWords = text.trim().split("\n").at(-1) || lastWords;
  });
  // Its end is told below; a pipe that breaks is only the other side of that.
  child.stdin.on("error", () => {});
  const feed = Readable.from(endlessly(loop), { highWaterMark: 1 });
  feed.pipe(child.stdin);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code) => resolve(lastWords || `ffmpeg ended with code ${code}`));
  });
  return {
    ended,
    async close() {
      feed.destroy();
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    },
  };
}

function* endlessly(loop: readonly LoopSegment[]): Generator<Uint8Array> {
  for (;;) for (const { bytes } of loop) yield bytes;
}
