import type { Shareable } from "../sharing.ts";
import type { FileAt } from "./folder-files.ts";
import { folderFiles } from "./folder-files.ts";

/** What a person chose: one file, or one folder with all in it. */
export interface StagedItem {
  readonly name: string;
  readonly kind: "file" | "folder";
  readonly sizeBytes: number;
  readonly files: readonly FileAt[];
}

/** One item for each thing that was chosen; the files of one folder are one. */
export async function stage(chosen: readonly Shareable[]): Promise<StagedItem[]> {
  const items = new Map<string, FileAt[]>();
  for (const file of (await Promise.all(chosen.map(filesOf))).flat()) {
    const [folder, ...below] = file.path.split("/");
    // Two files of one name are two; two of one folder belong together.
    const key = below.length > 0 ? `${folder}/` : `${items.size} ${file.path}`;
    const together = items.get(key);
    if (together) together.push(file);
    else items.set(key, [file]);
  }
  return Array.from(items.values(), stagedItem);
}

async function filesOf(chosen: Shareable): Promise<FileAt[]> {
  if (chosen instanceof File) return [{ file: chosen, path: chosen.name }];
  if ("file" in chosen) return [chosen];
  if (chosen.kind === "directory") return folderFiles(chosen as FileSystemDirectoryHandle);
  const file = await (chosen as FileSystemFileHandle).getFile();
  return [{ file, path: file.name }];
}

function stagedItem(files: readonly FileAt[]): StagedItem {
  const [name = "", ...below] = files[0]?.path.split("/") ?? [];
  const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return { name, kind: below.length > 0 ? "folder" : "file", sizeBytes, files };
}

/** What is in the list already is not taken twice. */
export function addItems(before: readonly StagedItem[], added: readonly StagedItem[]): StagedItem[] {
  const keyOf = ({ kind, name, sizeBytes, files }: StagedItem): string =>
    [kind, name, sizeBytes, files.length, files[0]?.file.lastModified].join("\n");
  const known = new Set(before.map(keyOf));
  return [...before, ...added.filter((item) => !known.has(keyOf(item)))];
}

export function totalOf(items: readonly StagedItem[]): { fileCount: number; sizeBytes: number } {
  return {
    fileCount: items.reduce((sum, { files }) => sum + files.length, 0),
    sizeBytes: items.reduce((sum, item) => sum + item.sizeBytes, 0),
  };
}
