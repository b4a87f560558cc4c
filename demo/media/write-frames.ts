import { once } from "node:events";

const FRAMES_PER_SECOND = 24;

/** Draws so many seconds of frames, each for its time from 0 to 1, and writes them to standard output as raw RGB. */
export async function writeFrames(seconds: number, draw: (time: number) => Uint8Array): Promise<void> {
  const frames = FRAMES_PER_SECOND * seconds;
  for (let frame = 0; frame < frames; frame++) {
    if (!process.stdout.write(draw(frame / frames))) await once(process.stdout, "drain");
  }
}
