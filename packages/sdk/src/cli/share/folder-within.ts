import { mkdir, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { RivuletError } from "../../base/errors.ts";

/** Folders below another, each made once. */
export class FoldersWithin {
  readonly #root: string;
  readonly #made = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws RivuletError `file-unwritable` when a link on the way leads out of the root. */
  make(folder: string): Promise<void> {
    const known = this.#made.get(folder);
    if (known) return known;
    const making = makeFolderWithin(this.#root, folder);
    this.#made.set(folder, making);
    // What failed once may be possible later.
    making.catch(() => this.#made.delete(folder));
    return making;
  }
}

async function makeFolderWithin(root: string, folder: string): Promise<void> {
  // First what is there already: a link must not have anything made elsewhere.
  await checkWithin(root, await deepestThere(root, folder));
  await mkdir(folder, { recursive: true });
  await checkWithin(root, folder);
}

async function deepestThere(root: string, folder: string): Promise<string> {
  let at = folder;
  while (at !== root && !(await isThere(at))) at = dirname(at);
  return at;
}

async function checkWithin(root: string, folder: string): Promise<void> {
  const way = relative(root, await realpath(folder));
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new RivuletError("file-unwritable", `"${folder}" is a link that leads out of the folder.`);
}

function isThere(folder: string): Promise<boolean> {
  return realpath(folder).then(
    () => true,
    () => false,
  );
}
