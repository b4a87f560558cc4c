import { count } from "./figures.ts";
import { shownName } from "./files/file-name.ts";
import type { SharedFile } from "./sharing.ts";

/** What a share is called: its only file, its only folder, or how many files it is. */
export function shareTitle(files: readonly SharedFile[]): string {
  const [first, ...others] = files;
  if (!first) return "files";
  if (others.length === 0) return shownName(first.path.split("/").at(-1) ?? first.path);
  const [folder] = first.path.split("/");
  const isOneFolder = files.every(({ path }) => path.startsWith(`${folder}/`));
  return isOneFolder && folder !== undefined ? shownName(folder) : count(files.length, "file");
}
