import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { isExecutable } from "../../../test/support/is-executable.ts";

/** An ffmpeg that answers. */
export interface Ffmpeg {
  readonly path: string;
  /** What follows "ffmpeg version", for example `5.1.9-0+deb12u1`, or `N-109468-gd39b34123d` of a nightly build. */
  readonly version: string;
}

/** `FFMPEG_PATH`, or the first ffmpeg on `PATH`; undefined when there is none that runs. */
export async function findFfmpeg(env: NodeJS.ProcessEnv): Promise<Ffmpeg | undefined> {
  const named = env.FFMPEG_PATH;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = named ? [named] : folders.map((folder) => join(folder, "ffmpeg"));
  for (const path of candidates) {
    const version = isExecutable(path) ? await versionOf(path) : undefined;
    if (version !== undefined) return { path, version };
  }
  return undefined;
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ["-version"], { timeout: 20_000 });
    return /^ffmpeg version (\S+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
