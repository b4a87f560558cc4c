import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileStream } from "../../content/share/file-stream.ts";
import { atOnce } from "./at-once.ts";
import { foldersOf, localPath, PART, safePath, TakenNames } from "./local-paths.ts";
import { statsOf } from "./new-name.ts";

const FOLDERS_AT_ONCE = 16;

/** What the files of a share are called in their folder: as in the share, or the next name that is free. */
export class ReceivedNames {
  readonly #folder: string;
  readonly #stream: FileStream;
  /** As they would be called in an empty folder, were there no two of one name. */
  readonly #wanted: readonly string[];
  readonly #paths: string[];
  readonly #taken = new TakenNames(process.platform);

  /** @throws RivuletError `share-malformed`. */
  constructor(folder: string, stream: FileStream) {
    this.#folder = folder;
    this.#stream = stream;
    this.#wanted = stream.files.map(({ path }) => localPath(path, process.platform));
    this.#paths = [...this.#wanted];
    for (const above of new Set(this.#wanted.flatMap(foldersOf))) this.#taken.add(above);
  }

  /** In the order of the share's list. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Those that are not as in the share, by their place in the list. */
  get renamed(): Readonly<Record<number, string>> {
    const renamed: Record<number, string> = {};
    for (const [file, path] of this.#paths.entries())
      if (path !== this.#stream.files[file]?.path) renamed[file] = path;
    return renamed;
  }

  /** Takes those that were chosen at an earlier visit. */
  keep(renamed: Readonly<Record<number, string>>): void {
    for (const [file, path] of Object.entries(renamed))
      this.#paths[Number(file)] = safePath(path, process.platform);
    for (const path of this.#paths) {
      this.#taken.add(path);
      this.#taken.add(path + PART);
    }
  }

  /** Chooses those that are free now; `isThere` tells of files that are there already. */
  async choose(isThere: (file: number) => boolean): Promise<void> {
    const folders = new Set(this.#paths.map((path) => dirname(path)));
    await atOnce([...folders], FOLDERS_AT_ONCE, async (folder) => {
      const names = await readdir(join(this.#folder, folder)).catch(() => []);
      for (const name of names) this.#taken.add(folder === "." ? name : `${folder}/${name}`);
    });
    for (const [file, path] of this.#wanted.entries())
      if (!isThere(file)) this.#paths[file] = this.#taken.take(path);
  }

  /** Chooses the next for a file whose name somebody has taken meanwhile. */
  async chooseNext(file: number): Promise<void> {
    const isThere = (path: string) => statsOf(join(this.#folder, path));
    let path: string;
    do path = this.#taken.take(this.#wanted[file] as string);
    while ((await isThere(path)) || (await isThere(path + PART)));
    this.#paths[file] = path;
  }
}
