import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RivuletError } from "../base/errors.ts";

/**
 * The absolute name of a file to be written, links resolved.
 * @throws RivuletError `bad-option` when its folder is missing or something else is in the way.
 */
export async function outputLocation(file: string): Promise<string> {
  const folder = await realpath(dirname(file)).catch((cause: unknown) => {
    throw new RivuletError(
      "bad-option",
      `There is no folder "${dirname(file)}" to write to; create it first.`,
      {
        cause,
      },
    );
  });
  const target = await realpath(file).catch(() => join(folder, basename(file)));
  const stats = await stat(target).catch(() => undefined);
  // Renaming over a device such as /dev/null would replace it.
  if (stats && !stats.isFile()) throw new RivuletError("bad-option", `"${file}" is not a regular file.`);
  return target;
}

/** Writes a file whole or not at all: a server may be handing it out at this moment. */
export async function writeAtomically(location: string, text: string): Promise<void> {
  const draft = join(dirname(location), `.${basename(location)}.${process.pid}.tmp`);
  try {
    const handle = await open(draft, "wx");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, location);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new RivuletError(
      "file-unwritable",
      `"${location}" cannot be written (${(cause as Error).message}).`,
      {
        cause,
      },
    );
  }
}
