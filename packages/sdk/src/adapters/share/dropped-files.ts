import { type ChosenFile, isFile, isFolder, walk, withUniquePaths } from "./chosen-files.ts";
import { readProblem } from "./disk-errors.ts";

/**
 * The files of a drop, those in its folders too. To be called in the event's own turn: the browser takes what was dropped
 * away as soon as that is over.
 * @throws RivuletError `file-unreadable`.
 */
export async function droppedFiles(dropped: DataTransfer): Promise<ChosenFile[]> {
  const items = [...dropped.items].filter(({ kind }) => kind === "file");
  const found = await Promise.all(items.map(filesOfItem));
  return withUniquePaths(found.flat());
}

/** Reads the item before anything is awaited. */
async function filesOfItem(item: DataTransferItem): Promise<ChosenFile[]> {
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry();
  const handle = await handleOf(item);
  if (handle) return walk(handle);
  if (entry) return filesOfEntry(entry, entry.name);
  return file ? [{ file, path: file.name }] : [];
}

/** Chromium's; TypeScript's declarations lack it. */
async function handleOf(
  item: DataTransferItem,
): Promise<FileSystemFileHandle | FileSystemDirectoryHandle | undefined> {
  if (!("getAsFileSystemHandle" in item) || typeof item.getAsFileSystemHandle !== "function")
    return undefined;
  const asking: Promise<FileSystemHandle | null> = item.getAsFileSystemHandle();
  // Where a policy forbids handles there is still the entry.
  const handle = await asking.catch(() => null);
  return handle && (isFile(handle) || isFolder(handle)) ? handle : undefined;
}

async function filesOfEntry(entry: FileSystemEntry, path: string): Promise<ChosenFile[]> {
  try {
    if (isFileEntry(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path }];
    }
    if (!isFolderEntry(entry)) return [];
    const inside = await entriesOf(entry);
    inside.sort((a, b) => (a.name < b.name ? -1 : 1));
    const found: ChosenFile[] = [];
    for (const each of inside) found.push(...(await filesOfEntry(each, `${path}/${each.name}`)));
    return found;
  } catch (cause) {
    throw readProblem(path, cause);
  }
}

/** A reader gives a hundred at a time, and none when there are no more. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
