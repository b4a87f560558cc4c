import type { BigIntStats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { RivuletError } from "../base/errors.ts";
import { globMatcher } from "../base/glob.ts";
import { encodePath } from "../content/url-path.ts";

export interface ListedFile {
  /** As in the manifest: percent-encoded, relative to the folder. */
  readonly path: string;
  /** For people and globs: relative to the folder, with forward slashes. */
  readonly name: string;
  /** Where it is read: absolute, links resolved. */
  readonly location: string;
  readonly sizeBytes: number;
  /** Differs once the file was written to or replaced. */
  readonly fingerprint: string;
  /** When it was last written to, by its own disk's clock: ms since 1970, with fractions. */
  readonly modifiedMs: number;
}

export interface Listing {
  /** Sorted by path. */
  readonly files: readonly ListedFile[];
  readonly skippedLinks: number;
  /** How many names were left out because they start with a dot; what is in such folders is not counted. */
  readonly hidden: number;
}

interface Folder {
  readonly location: string;
  readonly segments: readonly string[];
  /** The real folders on the way here; a link back to one of them would go round for ever. */
  readonly above: readonly string[];
}

/** Every regular file below a folder that is to be published. */
export async function listFiles(options: {
  readonly directory: string;
  readonly exclude?: readonly string[];
  readonly omit?: string | undefined;
  /** Leaves out what is deleted while the folder is read, instead of failing; default false. */
  readonly skipVanished?: boolean;
}): Promise<Listing> {
  const isExcluded = globMatcher(options.exclude ?? []);
  const root = await rootOf(options.directory);
  const files: ListedFile[] = [];
  const folders: Folder[] = [{ location: root, segments: [], above: [] }];
  let skippedLinks = 0;
  let hidden = 0;

  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    for (const entry of (await unlessVanished(entriesOf(folder), options)) ?? []) {
      const segments = [...folder.segments, entry.name];
      const name = segments.join("/");
      const entryLocation = join(folder.location, entry.name);
      if (isExcluded(name) || entryLocation === options.omit) continue;
      if (entry.name.startsWith(".")) {
        hidden++;
        continue;
      }
      const location = entry.isSymbolicLink() ? await targetWithin(root, entryLocation) : entryLocation;
      if (location === undefined) {
        skippedLinks++;
        continue;
      }
      if (location === options.omit) continue;
      const stats = await unlessVanished(statOf(location, name), options);
      if (stats?.isDirectory()) {
        const above = [...folder.above, folder.location];
        if (above.includes(location)) skippedLinks++;
        else folders.push({ location, segments, above });
      } else if (stats?.isFile()) {
        files.push({
          path: encodePath(segments),
          name,
          location,
          sizeBytes: Number(stats.size),
          fingerprint: fingerprint(stats),
          modifiedMs: Number(stats.mtimeNs) / 1e6,
        });
      }
    }
  }
  // By code unit, not by locale: the manifest must not depend on who builds it.
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, skippedLinks, hidden };
}

async function unlessVanished<T>(
  reading: Promise<T>,
  { skipVanished }: { readonly skipVanished?: boolean },
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (skipVanished && isVanished(error)) return undefined;
    throw error;
  }
}

/** True for an error that says that a file, or the folder it was in, is no longer there. */
export function isVanished(error: unknown): boolean {
  const cause = error instanceof RivuletError ? error.cause : error;
  return cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR");
}

export function fingerprint(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

/**
 * A folder's absolute name, links resolved.
 * @throws RivuletError `file-unreadable` when it is missing or is a file.
 */
export async function rootOf(directory: string): Promise<string> {
  try {
    const root = await realpath(directory);
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw new RivuletError("file-unreadable", `There is no readable folder "${directory}".`, { cause });
  }
  throw new RivuletError("file-unreadable", `"${directory}" is a file; name the folder it is in.`);
}

async function entriesOf(folder: Folder) {
  try {
    return await readdir(folder.location, { withFileTypes: true });
  } catch (cause) {
    throw new RivuletError("file-unreadable", `The folder "${folder.location}" cannot be read.`, { cause });
  }
}

/** A link out of the folder would publish what its owner never meant to; one to nowhere has nothing to publish. */
async function targetWithin(root: string, link: string): Promise<string | undefined> {
  try {
    const target = await realpath(link);
    const way = relative(root, target);
    return way === ".." || way.startsWith(`..${sep}`) || way === join(sep, way) ? undefined : target;
  } catch {
    return undefined;
  }
}

async function statOf(location: string, name: string): Promise<BigIntStats> {
  try {
    return await stat(location, { bigint: true });
  } catch (cause) {
    throw new RivuletError("file-unreadable", `"${name}" cannot be read (${(cause as Error).message}).`, {
      cause,
    });
  }
}
