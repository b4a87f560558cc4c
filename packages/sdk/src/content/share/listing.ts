import { RivuletError } from "../../base/errors.ts";
import { MAX_PIECE_BYTES, MAX_PIECES, MIN_PIECE_BYTES } from "../limits.ts";
import { FileStream, type SharedFile } from "./file-stream.ts";

/*
 * The list of what is shared, as JSON in UTF-8: {"rivuletShare":1,"pieceLength":65536,"files":[["a/b.txt",12,1700000000000],…]},
 * each file as its path, its size in bytes, and when it was last changed, which may be left out.
 */
const VERSION = 1;
export const MAX_SHARED_FILES = 100_000;
/** UTF-16 units; no common file system takes longer ones. */
export const MAX_SHARED_PATH_LENGTH = 4096;

export function writeListing({ files, pieceBytes }: FileStream): Uint8Array {
  const rows = files.map(({ path, sizeBytes, modifiedAt }) =>
    modifiedAt === undefined || modifiedAt < 0
      ? [path, sizeBytes]
      : [path, sizeBytes, Math.round(modifiedAt)],
  );
  return new TextEncoder().encode(
    JSON.stringify({ rivuletShare: VERSION, pieceLength: pieceBytes, files: rows }),
  );
}

/**
 * Reads a listing. It comes from whoever made the link: nothing in it may lead out of the folder that files are put into.
 * @throws RivuletError `share-malformed`.
 */
export function readListing(bytes: Uint8Array): FileStream {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed("is not JSON", cause);
  }
  const { rivuletShare, pieceLength, files } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (rivuletShare !== VERSION) throw malformed("is of another version");
  if (
    !isWhole(pieceLength) ||
    pieceLength < MIN_PIECE_BYTES ||
    pieceLength > MAX_PIECE_BYTES ||
    pieceLength & (pieceLength - 1)
  )
    throw malformed("has a wrong piece length");
  if (!Array.isArray(files) || files.length === 0) throw malformed("names no files");
  const list = files.map(readFile);
  checkFiles(list);
  const stream = new FileStream(list, pieceLength);
  if (!Number.isSafeInteger(stream.totalBytes) || stream.pieceCount > MAX_PIECES)
    throw malformed(`has over ${MAX_PIECES} pieces`);
  return stream;
}

/**
 * What a list of shared files must be, at both ends.
 * @throws RivuletError `share-malformed`, naming the file.
 */
export function checkFiles(files: readonly SharedFile[]): void {
  if (files.length > MAX_SHARED_FILES) throw malformed(`has over ${MAX_SHARED_FILES} files; send fewer`);
  const paths = new Set<string>();
  const folders = new Set<string>();
  for (const { path } of files) {
    if (!isSafePath(path)) throw malformed(`has a name that cannot be a file's: ${JSON.stringify(path)}`);
    if (paths.has(path)) throw malformed(`has two files named ${JSON.stringify(path)}`);
    paths.add(path);
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at));
  }
  for (const folder of folders)
    if (paths.has(folder)) throw malformed(`has a file that is a folder too: ${JSON.stringify(folder)}`);
}

/** Names joined by slashes: none empty, none that leads elsewhere, no control characters. */
export function isSafePath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (path === "" || path.length > MAX_SHARED_PATH_LENGTH || /[\u0000-\u001f\u007f]/.test(path)) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

function readFile(row: unknown): SharedFile {
  if (!Array.isArray(row)) throw malformed("has a file that is no list");
  const [path, sizeBytes, modifiedAt]: readonly unknown[] = row;
  if (typeof path !== "string" || !isWhole(sizeBytes)) throw malformed("has a file without name or size");
  if (modifiedAt !== undefined && !isWhole(modifiedAt)) throw malformed("has a file with a wrong date");
  return { path, sizeBytes, ...(modifiedAt !== undefined && { modifiedAt }) };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function malformed(why: string, cause?: unknown): RivuletError {
  return new RivuletError("share-malformed", `The list of shared files ${why}.`, { cause });
}
