import { concatBytes, equalBytes } from "#sdk/base/bytes.ts";
import { RivuletError } from "#sdk/base/errors.ts";
import { FileStream, type SharedFile } from "#sdk/content/share/file-stream.ts";

/*
 * What the suites of a share's disk ends have in common. They run under node:test as well as in a browser, so they bring
 * their own assertions.
 */

/** A file to share, with its bytes. */
export interface Given {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes that no other seed has. */
export function bytesFor(seed: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, at) => (seed * 97 + at * 31 + (at >> 8) * 7) & 0xff);
}

/** Files that cross the borders of pieces in every way, empty ones first, last and between. */
export const CROSSING: readonly Given[] = [
  { path: "nothing.txt", bytes: bytesFor(0, 0) },
  { path: "trip/one.jpg", bytes: bytesFor(1, 2500) },
  { path: "trip/two.jpg", bytes: bytesFor(2, 500) },
  { path: "trip/void", bytes: bytesFor(3, 0) },
  { path: "trip/day 2/三.txt", bytes: bytesFor(4, 1) },
  { path: "trip/day 2/é.txt", bytes: bytesFor(5, 999) },
  { path: "film.mp4", bytes: bytesFor(6, 7321) },
  { path: "end", bytes: bytesFor(7, 0) },
];

/** Thousands of files in few pieces. */
export const TINY: readonly Given[] = Array.from({ length: 3000 }, (_, at) => ({
  path: `many/${at}`,
  bytes: bytesFor(at, at % 60),
}));

export const MODIFIED_AT = Date.UTC(2021, 5, 4, 3, 2, 1);

/** The stream that these files are. */
export function streamOf(files: readonly Given[], pieceBytes: number): FileStream {
  const shared: SharedFile[] = files.map(({ path, bytes }) => ({
    path,
    sizeBytes: bytes.byteLength,
    modifiedAt: MODIFIED_AT,
  }));
  return new FileStream(shared, pieceBytes);
}

/** The pieces of the stream, as they must be. */
export function piecesOf(files: readonly Given[], pieceBytes: number): Uint8Array<ArrayBuffer>[] {
  const whole = concatBytes(files.map(({ bytes }) => bytes));
  const count = Math.ceil(whole.byteLength / pieceBytes);
  return Array.from({ length: count }, (_, piece) =>
    new Uint8Array(whole).slice(piece * pieceBytes, (piece + 1) * pieceBytes),
  );
}

export function equal<T>(found: T, expected: T): void {
  if (found !== expected) throw new Error(`expected ${expected}, found ${found}`);
}

export function same(found: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  const isSame = found && expected ? equalBytes(found, expected) : found === expected;
  if (!isSame) throw new Error(`expected ${shown(expected)}, found ${shown(found)}`);
}

function shown(bytes: Uint8Array | undefined): string {
  return bytes ? `${bytes.byteLength} bytes: ${bytes.subarray(0, 16)} …` : "nothing";
}

/** The error with which this fails; it fails the test if that has another code, or it succeeds. */
export async function failure(code: string, doing: Promise<unknown>): Promise<RivuletError> {
  const error = await doing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RivuletError)) throw new Error(`expected ${code}, found ${error}`);
  equal(error.code, code);
  return error;
}
