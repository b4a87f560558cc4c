import { realpath, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { RivuletError } from "../../base/errors.ts";
import { fingerprint, type ListedFile, listFiles } from "../list-files.ts";

/** A file that is to be shared; its name is that in the share. */
export type FileToShare = Pick<ListedFile, "name" | "location" | "sizeBytes" | "fingerprint" | "modifiedMs">;

export interface FilesToShare {
  readonly files: readonly FileToShare[];
  /** What was left out of folders: names that start with a dot, and links that lead out of them, or nowhere. */
  readonly hidden: number;
  readonly links: number;
}

/**
 * The files and folders that were named; a folder keeps its name, as the first of its files' paths.
 * @throws RivuletError `file-unreadable`, or `bad-option` when two of them have the same name.
 */
export async function listShared(named: readonly string[]): Promise<FilesToShare> {
  const files: FileToShare[] = [];
  const owners = new Map<string, string>();
  let hidden = 0;
  let links = 0;
  for (const path of named) {
    const location = resolve(path);
    const top = basename(location);
    if (top === "") throw new RivuletError("bad-option", `"${path}" has no name; name what is in it.`);
    const owner = owners.get(top);
    if (owner !== undefined)
      throw new RivuletError("bad-option", `"${owner}" and "${path}" are both named "${top}"; rename one.`);
    owners.set(top, path);
    const stats = await statsOf(path);
    if (stats.isDirectory()) {
      const listing = await listFiles({ directory: location });
      hidden += listing.hidden;
      links += listing.skippedLinks;
      for (const file of listing.files) files.push({ ...file, name: `${top}/${file.name}` });
    } else if (stats.isFile()) {
      files.push({
        name: top,
        location: await realpath(location),
        sizeBytes: Number(stats.size),
        fingerprint: fingerprint(stats),
        modifiedMs: Number(stats.mtimeNs) / 1e6,
      });
    } else {
      throw new RivuletError("file-unreadable", `"${path}" is neither a file nor a folder.`);
    }
  }
  return { files, hidden, links };
}

async function statsOf(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (cause) {
    throw new RivuletError("file-unreadable", `There is no readable file or folder "${path}".`, { cause });
  }
}
