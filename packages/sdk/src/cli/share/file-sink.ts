import { type FileHandle, mkdir, realpath } from "node:fs/promises";
import { equalBytes } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { ShareSink } from "../../client/share/ports.ts";
import type { FileSpan, FileStream } from "../../content/share/file-stream.ts";
import { atOnce } from "./at-once.ts";
import { OpenFiles } from "./open-files.ts";
import { PartFiles } from "./part-files.ts";
import { SinkState } from "./sink-state.ts";

/** A piece may hold hundreds of small files. */
const FILES_AT_ONCE = 8;

/**
 * Where `rivulet get` puts files: each under its own path in the target folder, called `.part` until everything is there.
 * What is needed to go on after any end of the program lies in the same folder.
 */
export class FileSink implements ShareSink {
  readonly #folder: string;
  readonly #state: SinkState;
  readonly #handles = new OpenFiles((file) => this.#reach(file));
  #opened: { readonly stream: FileStream; readonly parts: PartFiles } | undefined;

  private constructor(folder: string, state: SinkState) {
    this.#folder = folder;
    this.#state = state;
  }

  /**
   * @param id the share's name
   * @throws RivuletError `file-unwritable`; `share-open-elsewhere` while another program receives the same into this folder.
   */
  static async open(folder: string, id: string): Promise<FileSink> {
    try {
      await mkdir(folder, { recursive: true });
      const location = await realpath(folder);
      const state = new SinkState(location, id);
      await state.lock();
      return new FileSink(location, state);
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  description(): Promise<Uint8Array | undefined> {
    return this.#state.description();
  }

  async keepDescription(bytes: Uint8Array): Promise<void> {
    // A finished share leaves nothing behind.
    if (!this.#opened?.parts.isFinished) await this.#state.keepDescription(bytes.slice());
  }

  async open(stream: FileStream): Promise<number> {
    const parts = new PartFiles({ folder: this.#folder, stream, state: this.#state });
    this.#opened = { stream, parts };
    try {
      return await parts.open();
    } catch (cause) {
      throw unwritable(this.#folder, cause);
    }
  }

  async read(piece: number): Promise<Uint8Array | undefined> {
    const { stream, parts } = this.#there();
    const { start, end } = stream.bytesOf(piece);
    const bytes = new Uint8Array(end - start);
    const spans = stream.spans(start, end);
    if (!spans.every(({ file }) => parts.exists(file))) return undefined;
    let isWhole = true;
    await this.#eachSpan(piece, async (handle, { from, to }, at) => {
      isWhole = (await fill(bytes.subarray(at, at + to - from), handle, from)) && isWhole;
    });
    return isWhole ? bytes : undefined;
  }

  /** What was there before we came is compared instead. */
  async write(piece: number, bytes: Uint8Array): Promise<void> {
    await this.#eachSpan(piece, async (handle, { file, from, to }, at) => {
      const part = bytes.subarray(at, at + to - from);
      if (!this.#there().parts.isReadOnly(file)) return writeAll(handle, part, from);
      const there = new Uint8Array(part.byteLength);
      if (!(await fill(there, handle, from)) || !equalBytes(there, part))
        throw different(this.names()[file] as string);
    });
  }

  async finish(): Promise<void> {
    await this.#handles.close();
    try {
      await this.#there().parts.finish();
    } catch (cause) {
      throw unwritable(this.#folder, cause);
    }
  }

  /** Where the files are, or will be: their paths in the folder, which may be others than those in the share. */
  names(): readonly string[] {
    return this.#there().parts.paths;
  }

  async close(): Promise<void> {
    await this.#handles.close();
    await this.#state.unlock();
  }

  async remove(): Promise<void> {
    await this.#handles.close();
    await this.#opened?.parts.remove();
    await this.#state.remove();
    await this.#state.unlock();
  }

  /** `at` is where the span lies in the piece. */
  async #eachSpan(
    piece: number,
    action: (handle: FileHandle, span: FileSpan, at: number) => Promise<void>,
  ): Promise<void> {
    const { stream } = this.#there();
    const { start, end } = stream.bytesOf(piece);
    await atOnce(stream.spans(start, end), FILES_AT_ONCE, async (span) => {
      const at = stream.startOf(span.file) + span.from - start;
      try {
        await this.#handles.use(span.file, (handle) => action(handle, span, at));
      } catch (cause) {
        throw unwritable(this.names()[span.file] as string, cause);
      }
    });
  }

  #reach(file: number): Promise<FileHandle> {
    return this.#there().parts.reach(file);
  }

  #there() {
    if (!this.#opened) throw new Error("The sink was not opened.");
    return this.#opened;
  }
}

/** False where the file ends before. */
async function fill(bytes: Uint8Array, handle: FileHandle, position: number): Promise<boolean> {
  for (let filled = 0; filled < bytes.byteLength; ) {
    const left = bytes.byteLength - filled;
    const { bytesRead } = await handle.read(bytes, filled, left, position + filled);
    if (bytesRead === 0) return false;
    filled += bytesRead;
  }
  return true;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const left = bytes.byteLength - written;
    written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
  }
}

function different(name: string): RivuletError {
  return new RivuletError(
    "file-unwritable",
    `"${name}" is there already, as long and as old, but is another. Move it away, or give another folder with --out.`,
  );
}

function unwritable(name: string, cause: unknown): RivuletError {
  if (cause instanceof RivuletError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    const advice = "Make room and run this again: it goes on where it stopped.";
    return new RivuletError("storage-full", `The disk is full. ${advice}`, { cause });
  }
  return new RivuletError("file-unwritable", `"${name}" cannot be written (${message}).`, { cause });
}
