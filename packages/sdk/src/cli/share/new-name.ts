import type { Stats } from "node:fs";
import { type FileHandle, link, lstat, open, rename, unlink, writeFile } from "node:fs/promises";

/*
 * Files under names that are free: what has a name already is never written over, whoever made it, and whenever.
 */

/** What disks and systems answer that know no hard links, or allow none; Windows says EISDIR of FAT. */
const NO_LINKS = new Set(["EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV", "EISDIR"]);

/** Of whatever has the name, a link too; undefined: nothing. */
export function statsOf(location: string): Promise<Stats | undefined> {
  return lstat(location).catch(() => undefined);
}

/** Makes a file, to be read and written; undefined when the name is taken. */
export function openNew(location: string): Promise<FileHandle | undefined> {
  return open(location, "wx+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined;
    throw error;
  });
}

/** Makes a file that says so much; false when the name is taken. */
export function writeNew(location: string, text: string): Promise<boolean> {
  return writeFile(location, text, { flag: "wx" }).then(() => true, whetherTaken);
}

/** Gives a file a new name; false when that is taken. */
export async function moveNew(from: string, to: string, linkFile = link): Promise<boolean> {
  try {
    await linkFile(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (NO_LINKS.has(code ?? "")) return renameNew(from, to);
    // An earlier visit may have ended before it took the old name away.
    if (code !== "EEXIST" || !(await isSameFile(from, to))) return whetherTaken(error as Error);
  }
  await unlink(from);
  return true;
}

async function renameNew(from: string, to: string): Promise<boolean> {
  if (await statsOf(to)) return false;
  await rename(from, to);
  return true;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((location) => lstat(location, { bigint: true })));
  return a !== undefined && b !== undefined && a.nlink > 1n && a.ino === b.ino && a.dev === b.dev;
}

function whetherTaken(error: NodeJS.ErrnoException): false {
  if (error.code === "EEXIST") return false;
  throw error;
}
