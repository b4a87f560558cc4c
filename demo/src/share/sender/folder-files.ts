import type { Shareable } from "../sharing.ts";

/** A file, and its path from the folder that was chosen on. */
export type FileAt = Extract<Shareable, { readonly file: File }>;

/** All files in a folder, at any depth; its own name is the first of their paths. */
export async function folderFiles(folder: FileSystemDirectoryHandle, path = folder.name): Promise<FileAt[]> {
  const inside: Promise<FileAt[]>[] = [];
  for await (const entry of folder.values()) {
    const entryPath = `${path}/${entry.name}`;
    if (entry.kind === "directory") inside.push(folderFiles(entry, entryPath));
    else inside.push(entry.getFile().then((file) => [{ file, path: entryPath }]));
  }
  return (await Promise.all(inside)).flat();
}
