import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEncoder } from "./encoder.ts";
import type { Ffmpeg } from "./find-ffmpeg.ts";
import { readLoop } from "./loop-media.ts";
import { LoopedPackager } from "./looped-packager.ts";
import type { Packager } from "./packager.ts";
import { publishManifest } from "./publish-manifest.ts";

/** Whether the picture shows the time of day, and if not, why. */
export type ChannelClock = { readonly kind: "burnt-in" } | { readonly kind: "none"; readonly why: string };

/** The demo's live channel: a picture that is published as it is made, in a folder of its own. */
export interface Channel {
  /** Holds its playlist, its segments and their manifest; removed by `close`. */
  readonly folder: string;
  readonly clock: ChannelClock;
  close(): Promise<void>;
}

export interface ChannelOptions {
  /** Encodes the picture; without it the committed loop is published as it is. */
  readonly ffmpeg: Ffmpeg | undefined;
  /** Called when `clock` is no longer what it was: the encoder failed. */
  readonly onClock: () => void;
  /** Called with a sentence for the person who runs the demo. */
  readonly tell: (sentence: string) => void;
}

const NO_FFMPEG =
  "No ffmpeg was found. Install it (Debian: apt-get install ffmpeg), or say where it is with FFMPEG_PATH.";

export async function openChannel({ ffmpeg, onClock, tell }: ChannelOptions): Promise<Channel> {
  const loop = await readLoop();
  const folder = await mkdtemp(join(tmpdir(), "rivulet-live-"));
  let clock: ChannelClock = { kind: "none", why: NO_FFMPEG };
  let isClosed = false;
  const repeat = (): Packager => {
    const looped = new LoopedPackager(folder, loop);
    void looped.ended.then((reason) => tell(`The live channel stopped: ${reason}`));
    return looped;
  };
  const encode = (using: Ffmpeg): Packager => {
    clock = { kind: "burnt-in" };
    const encoder = startEncoder(using, folder, loop);
    // An ffmpeg without H.264 or without fonts ends at once; the show goes on.
    void encoder.ended.then((reason) => {
      if (isClosed) return;
      const why = `ffmpeg stopped: ${reason}`;
      clock = { kind: "none", why };
      packager = repeat();
      onClock();
      tell(`The live channel goes on without a clock. ${why}`);
    });
    return encoder;
  };
  let packager = ffmpeg ? encode(ffmpeg) : repeat();
  const manifest = await publishManifest(folder, tell);
  return {
    folder,
    get clock() {
      return clock;
    },
    async close() {
      isClosed = true;
      await packager.close();
      await manifest.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
