import type { FileStream } from "../../content/share/file-stream.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readProblem } from "./disk-errors.ts";

/**
 * Bytes [start, end) of the stream that the files are one after another. Parts of many files are read as one blob: in
 * Chromium that takes half as long as reading each.
 * @throws RivuletError `file-changed`, `file-unreadable`.
 */
export async function readChosen(
  files: readonly ChosenFile[],
  stream: FileStream,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const spans = stream.spans(start, end).map(({ file, from, to }) => {
    const chosen = files[file] as ChosenFile;
    // One that no longer has the size that was announced.
    if (chosen.file.size !== stream.files[file]?.sizeBytes) throw readProblem(chosen.path);
    return { path: chosen.path, slice: chosen.file.slice(from, to) };
  });
  const first = spans[0]?.slice;
  const whole = spans.length === 1 && first ? first : new Blob(spans.map(({ slice }) => slice));
  const bytes = await whole.arrayBuffer().catch(async (cause: unknown) => {
    // A blob of many does not say which it was.
    for (const { path, slice } of spans) {
      await slice.arrayBuffer().catch((why: unknown) => Promise.reject(readProblem(path, why)));
    }
    throw readProblem(spans[0]?.path ?? "", cause);
  });
  if (bytes.byteLength !== end - start) throw readProblem(spans.map(({ path }) => path).join(", "));
  return new Uint8Array(bytes);
}
