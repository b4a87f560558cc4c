import { readProblem } from "./disk-errors.ts";
import { UniquePaths } from "./unique-path.ts";

/** A file that a person chose, and where it belongs in the share. */
export interface ChosenFile {
  readonly file: File;
  /** Names joined by `/`. */
  readonly path: string;
}

/** What a person dropped or picked. */
export type Choosable = File | ChosenFile | FileSystemFileHandle | FileSystemDirectoryHandle;

/** So many files of a folder are opened at once. */
const OPENED_AT_ONCE = 32;

/**
 * The files of all that was chosen, in the order it was given in, folders by name. Names stay as they are; of equal paths
 * the second gets ` (2)`.
 * @throws RivuletError `file-unreadable`, `bad-option` (a path that leads upward).
 */
export async function chosenFiles(chosen: Iterable<Choosable>): Promise<ChosenFile[]> {
  const found: ChosenFile[] = [];
  for (const each of chosen) found.push(...(await filesOf(each)));
  return withUniquePaths(found);
}

export function withUniquePaths(files: readonly ChosenFile[]): ChosenFile[] {
  const paths = new UniquePaths();
  return files.map(({ file, path }) => ({ file, path: paths.take(path) }));
}

async function filesOf(chosen: Choosable): Promise<ChosenFile[]> {
  // A folder chosen in an <input> comes as its files.
  if (chosen instanceof File) return [{ file: chosen, path: chosen.webkitRelativePath || chosen.name }];
  if ("path" in chosen) return [chosen];
  return walk(chosen);
}

/** The files of a handle; its own name is the first of their paths. */
export async function walk(handle: FileSystemFileHandle | FileSystemDirectoryHandle): Promise<ChosenFile[]> {
  const found: { readonly handle: FileSystemFileHandle; readonly path: string }[] = [];
  await collect(handle, handle.name, found);
  const files: ChosenFile[] = [];
  for (let at = 0; at < found.length; at += OPENED_AT_ONCE) {
    const some = found.slice(at, at + OPENED_AT_ONCE);
    files.push(...(await Promise.all(some.map(({ handle, path }) => open(handle, path)))));
  }
  return files;
}

async function collect(
  handle: FileSystemHandle,
  path: string,
  found: { readonly handle: FileSystemFileHandle; readonly path: string }[],
): Promise<void> {
  if (isFolder(handle)) {
    const inside: FileSystemHandle[] = [];
    try {
      for await (const entry of handle.values()) inside.push(entry);
    } catch (cause) {
      throw readProblem(path, cause);
    }
    inside.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of inside) await collect(entry, `${path}/${entry.name}`, found);
  } else if (isFile(handle)) found.push({ handle, path });
}

async function open(handle: FileSystemFileHandle, path: string): Promise<ChosenFile> {
  try {
    return { file: await handle.getFile(), path };
  } catch (cause) {
    throw readProblem(path, cause);
  }
}

export function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}

export function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}
