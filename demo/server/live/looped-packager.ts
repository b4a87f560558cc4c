import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LoopSegment } from "./loop-media.ts";
import { LoopSchedule } from "./loop-schedule.ts";
import { type Packager, PLAYLIST, segmentName } from "./packager.ts";

/** Publishes the loop's own segments by the wall clock, as if they had just been encoded: where there is no ffmpeg. */
export class LoopedPackager implements Packager {
  readonly ended: Promise<string>;
  readonly #folder: string;
  readonly #loop: readonly LoopSegment[];
  readonly #schedule: LoopSchedule;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(folder: string, loop: readonly LoopSegment[]) {
    this.#folder = folder;
    this.#loop = loop;
    const durationsMs = loop.map(({ durationMs }) => durationMs);
    this.#schedule = new LoopSchedule(durationsMs, Date.now());
    this.ended = new Promise((resolve) => this.#run(resolve));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#publishing;
  }

  #run(end: (reason: string) => void): void {
    const next = (): void => {
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => this.#run(end), this.#schedule.nextAtMs - Date.now());
    };
    this.#publishing = this.#publish().then(next, (error: Error) => end(error.message));
  }

  async #publish(): Promise<void> {
    const { added, gone, playlist } = this.#schedule.advance(Date.now());
    for (const { number, slot } of added) {
      const segment = this.#loop[slot];
      if (segment) await this.#write(segmentName(number), segment.bytes);
    }
    await this.#write(PLAYLIST, new TextEncoder().encode(playlist));
    for (const number of gone) await rm(join(this.#folder, segmentName(number)), { force: true });
  }

  /** Nobody ever reads half a file. */
  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.#folder, name);
    await writeFile(`${file}.tmp`, bytes);
    await rename(`${file}.tmp`, file);
  }
}
