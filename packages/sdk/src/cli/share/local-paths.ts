import { numbered } from "../../adapters/share/unique-path.ts";
import { RivuletError } from "../../base/errors.ts";
import { isSafePath } from "../../content/share/listing.ts";
import { fittingName, LONGEST_NAME_BYTES } from "./fitting-name.ts";

/** What a file is called until it is whole. */
export const PART = ".part";

/** A file's name may get a number, and the ending of a part. */
const LONGEST_FILE_BYTES = LONGEST_NAME_BYTES - ` (999)${PART}`.length;

/** Windows takes these for devices, whatever follows behind a dot. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * The path of a shared file as this system can have it, with forward slashes; names that are too long are shortened. It
 * comes from a stranger: it must not lead out of the folder that files are put into.
 * @throws RivuletError `share-malformed`.
 */
export function localPath(path: string, platform: NodeJS.Platform): string {
  return safePath(safePath(path, platform).split("/").map(fitting).join("/"), platform);
}

/**
 * As `localPath`, of a path that was made to fit before.
 * @throws RivuletError `share-malformed`.
 */
export function safePath(path: string, platform: NodeJS.Platform): string {
  if (!isSafePath(path))
    throw new RivuletError("share-malformed", `A file cannot be called ${JSON.stringify(path)}.`);
  return platform === "win32" ? path.split("/").map(windowsName).join("/") : path;
}

/** The folders that a path leads through, `a` and `a/b` of `a/b/c`. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at));
  return folders;
}

function fitting(name: string, at: number, names: readonly string[]): string {
  return fittingName(name, at === names.length - 1 ? LONGEST_FILE_BYTES : LONGEST_NAME_BYTES);
}

/** A backslash or a colon would lead elsewhere; a dot or a space at the end is dropped, which may make another name of it. */
function windowsName(name: string): string {
  const plain = name.replace(/[<>:"|?*\\]/g, "_").replace(/[. ]+$/, (end) => "_".repeat(end.length));
  return DEVICES.test(plain) ? `_${plain}` : plain;
}

/** Names that are in use, or will be. */
export class TakenNames {
  readonly #taken = new Set<string>();
  readonly #fold: (path: string) => string;

  constructor(platform: NodeJS.Platform) {
    // Elsewhere `A` and `a` are the same file.
    this.#fold =
      platform === "win32" || platform === "darwin"
        ? (path) => path.normalize("NFC").toLowerCase()
        : (path) => path;
  }

  add(path: string): void {
    this.#taken.add(this.#fold(path));
  }

  has(path: string): boolean {
    return this.#taken.has(this.#fold(path));
  }

  /** Takes the path, or the first of `a (2).txt`, `a (3).txt` … that is free; so is the name it has until it is whole. */
  take(path: string): string {
    const at = path.lastIndexOf("/") + 1;
    const [folder, name] = [path.slice(0, at), path.slice(at)];
    let chosen = path;
    for (let number = 2; this.has(chosen) || this.has(chosen + PART); number++)
      chosen = folder + numbered(name, number);
    this.add(chosen);
    this.add(chosen + PART);
    return chosen;
  }
}
