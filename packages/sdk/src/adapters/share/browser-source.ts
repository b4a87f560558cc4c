import { MIB } from "../../base/bytes.ts";
import type { FileStream, SharedFile } from "../../content/share/file-stream.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readChosen } from "./chosen-piece.ts";
import { hashPieces } from "./hash-pieces.ts";
import type { ShareWorker } from "./share-worker.ts";
import type { ReadPart } from "./worker-messages.ts";

/** So little is read once: opening thousands of small files takes a browser longer than all else of sending them. */
const KEPT_BYTES = 16 * MIB;

/** Files that a person chose in the browser, read where they are. */
export class BrowserShareSource {
  readonly files: readonly SharedFile[];
  readonly #chosen: readonly ChosenFile[];
  readonly #worker: Pick<ShareWorker, "parts"> | undefined;
  /** All of a small share, as it was hashed, and which blocks of it are there: from byte to byte. */
  #kept: { readonly bytes: Uint8Array; readonly blocks: Map<number, number> } | undefined;

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
    if (!this.#worker) return hashPieces(files, stream, { signal });
    const { pieceBytes, totalBytes } = stream;
    const withBytes = totalBytes <= KEPT_BYTES;
    if (withBytes) this.#kept = { bytes: new Uint8Array(totalBytes), blocks: new Map() };
    const onRead = (part: ReadPart) => this.#keep(part);
    return this.#worker.parts("hash", { files, pieceBytes, withBytes }, { signal, onRead });
  }

  /** Not through the worker: the browser reads beside the page anyway, and the way through the worker is longer. */
  async read(stream: FileStream, first: number, end = first + 1): Promise<Uint8Array> {
    const range = { start: stream.bytesOf(first).start, end: stream.bytesOf(end - 1).end };
    return this.#keptBytes(range) ?? readChosen(this.#chosen, stream, range);
  }

  async close(): Promise<void> {
    this.#kept = undefined;
  }

  #keep({ start, bytes }: ReadPart): void {
    this.#kept?.bytes.set(bytes, start);
    this.#kept?.blocks.set(start, start + bytes.byteLength);
  }

  #keptBytes({ start, end }: { readonly start: number; readonly end: number }): Uint8Array | undefined {
    const kept = this.#kept;
    if (!kept) return undefined;
    for (let [from, to] of kept.blocks) {
      if (start < from || start >= to) continue;
      // What is asked for may go on in the next block.
      while (to < end && kept.blocks.has(to)) to = kept.blocks.get(to) ?? to;
      return end <= to ? kept.bytes.slice(start, end) : undefined;
    }
    return undefined;
  }
}
