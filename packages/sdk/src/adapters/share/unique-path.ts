import { RivuletError } from "../../base/errors.ts";

/** A name with a number, before its extension: `a.txt`, `a (2).txt`, `a (3).txt`, … */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  // A name that begins with its only dot has no extension.
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
}

/**
 * The names of a path. Empty ones and `.` mean nothing and go.
 * @throws RivuletError `bad-option` when it leads upward, or nowhere.
 */
export function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.length === 0 || names.includes(".."))
    throw new RivuletError("bad-option", `"${path}" is not the path of a file to share.`);
  return names;
}

/** Gives each file of a share a path that no other has, and that no other needs as a folder. */
export class UniquePaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** The path, numbered where it has to be. */
  take(path: string): string {
    const names = namesOf(path);
    const last = names.pop() as string;
    let folder = "";
    for (const name of names) {
      folder = free(folder, name, (found) => this.#files.has(found));
      this.#folders.add(folder);
    }
    const taken = (found: string) => this.#files.has(found) || this.#folders.has(found);
    const whole = free(folder, last, taken);
    this.#files.add(whole);
    return whole;
  }
}

function free(folder: string, name: string, isTaken: (path: string) => boolean): string {
  for (let number = 1; ; number++) {
    const path = folder === "" ? numbered(name, number) : `${folder}/${numbered(name, number)}`;
    if (!isTaken(path)) return path;
  }
}
