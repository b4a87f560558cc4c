import type { FileStream, SharedFile } from "../../content/share/file-stream.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readChosen } from "./chosen-piece.ts";
import { hashPieces } from "./hash-pieces.ts";
import type { ShareWorker } from "./share-worker.ts";

/** Files that a person chose in the browser, read where they are. */
export class BrowserShareSource {
  readonly files: readonly SharedFile[];
  readonly #chosen: readonly ChosenFile[];
  readonly #worker: Pick<ShareWorker, "parts"> | undefined;

  /**
   * @param chosen as `chosenFiles` or `droppedFiles` gives them: each has a path of its own
   * @param worker hashes, so that the page is not busy; without one the page does
   */
  constructor(chosen: readonly ChosenFile[], worker?: Pick<ShareWorker, "parts">) {
    this.#chosen = chosen;
    this.#worker = worker;
    this.files = chosen.map(({ file, path }) => ({
      path,
      sizeBytes: file.size,
      modifiedAt: file.lastModified,
    }));
  }

  hashes(stream: FileStream, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const files = this.#chosen;
    if (!this.#worker) return hashPieces(files, stream, signal);
    return this.#worker.parts("hash", { files, pieceBytes: stream.pieceBytes }, signal);
  }

  /** Not through the worker: the browser reads beside the page anyway, and the way through the worker is longer. */
  read(stream: FileStream, first: number, end = first + 1): Promise<Uint8Array> {
    const { start } = stream.bytesOf(first);
    return readChosen(this.#chosen, stream, { start, end: stream.bytesOf(end - 1).end });
  }

  /** Nothing is held open. */
  async close(): Promise<void> {}
}
