import type { FileStream } from "../../content/share/file-stream.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readProblem } from "./disk-errors.ts";

export interface ChosenRange {
  /** Bytes [start, end) of the stream that the files are one after another. */
  readonly start: number;
  readonly end: number;
  /** Memory that the bytes are read into, where the browser can: it is gone from the caller, and what is returned lies in it. */
  readonly into?: ArrayBuffer | undefined;
}

/**
 * Reads a range of the stream. Parts of many files are read as one blob: in Chromium that takes half as long as reading each.
 * @throws RivuletError `file-changed`, `file-unreadable`.
 */
export async function readChosen(
  files: readonly ChosenFile[],
  stream: FileStream,
  { start, end, into }: ChosenRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const spans = stream.spans(start, end).map(({ file, from, to }) => {
    const chosen = files[file] as ChosenFile;
    // One that no longer has the size that was announced.
    if (chosen.file.size !== stream.files[file]?.sizeBytes) throw readProblem(chosen.path);
    // A slice costs the browser as much as a whole file's bytes do, when the file is small.
    const isWhole = from === 0 && to === chosen.file.size;
    return { path: chosen.path, slice: isWhole ? chosen.file : chosen.file.slice(from, to) };
  });
  const first = spans[0]?.slice;
  const whole = spans.length === 1 && first ? first : new Blob(spans.map(({ slice }) => slice));
  const bytes = await bytesOf(whole, into).catch(async (cause: unknown) => {
    // A blob of many does not say which it was.
    for (const { path, slice } of spans) {
      await slice.arrayBuffer().catch((why: unknown) => Promise.reject(readProblem(path, why)));
    }
    throw readProblem(spans[0]?.path ?? "", cause);
  });
  if (bytes.byteLength !== end - start) throw readProblem(spans.map(({ path }) => path).join(", "));
  return bytes;
}

/** Fresh memory for each read would lie about until the browser collects it: a hundred megabytes of it, while a large file is hashed. */
async function bytesOf(blob: Blob, into: ArrayBuffer | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const reader = into && byteReader(blob);
  if (!into || !reader || into.byteLength < blob.size) return new Uint8Array(await blob.arrayBuffer());
  let memory = into;
  let at = 0;
  while (at < blob.size) {
    const { value } = await reader.read(new Uint8Array(memory, at, blob.size - at));
    // The memory goes with each read, and comes back with what was read.
    if (!value || value.byteLength === 0) break;
    memory = value.buffer;
    at += value.byteLength;
  }
  return new Uint8Array(memory, 0, at);
}

/** Undefined where blobs are no streams of bytes. */
function byteReader(blob: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return blob.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}
