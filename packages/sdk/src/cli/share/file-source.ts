import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { concatBytes } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { ShareSource } from "../../client/share/ports.ts";
import type { FileStream, SharedFile } from "../../content/share/file-stream.ts";
import { fingerprint } from "../list-files.ts";
import { atOnce } from "./at-once.ts";
import { OpenFiles } from "./open-files.ts";
import { type FilesToShare, type FileToShare, listShared } from "./shared-files.ts";

/** A piece may hold hundreds of small files. */
const FILES_AT_ONCE = 8;
/** Hashes are told as soon as there are any, and then as often. */
const TELL_EVERY_MS = second / 4;

/**
 * The files and folders of these names.
 * @throws RivuletError `file-unreadable`, `bad-option` when two of them have the same name.
 */
export async function openFileSource(named: readonly string[]): Promise<FileSource> {
  return new FileSource(await listShared(named));
}

/** The files of a share, read where they are. */
export class FileSource implements ShareSource {
  readonly files: readonly SharedFile[];
  /** What was left out of folders: names that start with a dot, and links that lead out of them, or nowhere. */
  readonly hidden: number;
  readonly links: number;
  readonly #shared: readonly FileToShare[];
  readonly #open: OpenFiles;

  constructor({ files: shared, hidden, links }: FilesToShare) {
    this.hidden = hidden;
    this.links = links;
    this.#shared = shared;
    this.files = shared.map(({ name, sizeBytes, modifiedMs }) => ({
      path: name,
      sizeBytes,
      ...(modifiedMs >= 0 && { modifiedAt: Math.floor(modifiedMs) }),
    }));
    this.#open = new OpenFiles((file) =>
      this.#translated(file, () => open((this.#shared[file] as FileToShare).location)),
    );
  }

  /** Holds two pieces: one is read while the other is hashed. */
  async *hashes(stream: FileStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(stream.pieceBytes, stream.totalBytes)));
    const read = (piece: number) => {
      const buffer = buffers[piece % 2] as Buffer;
      const reading = this.#fill(
        stream,
        stream.bytesOf(piece).start,
        buffer.subarray(0, stream.lengthOf(piece)),
      );
      // It is awaited in the next turn; until then a failure must not count as unhandled.
      reading.catch(() => {});
      return reading;
    };
    let ahead = stream.pieceCount > 0 ? read(0) : undefined;
    let found: Uint8Array[] = [];
    let toldAt = Number.NEGATIVE_INFINITY;
    try {
      for (let piece = 0; piece < stream.pieceCount; piece++) {
        const bytes = (await ahead) as Uint8Array;
        if (signal.aborted)
          throw new RivuletError("aborted", "Hashing was stopped.", { cause: signal.reason });
        ahead = piece + 1 < stream.pieceCount ? read(piece + 1) : undefined;
        found.push(createHash("sha256").update(bytes).digest());
        if (performance.now() - toldAt < TELL_EVERY_MS) continue;
        yield concatBytes(found);
        found = [];
        toldAt = performance.now();
      }
      if (found.length > 0) yield concatBytes(found);
    } finally {
      // Whoever stops listening may close the files.
      await ahead?.catch(() => {});
    }
  }

  async read(stream: FileStream, first: number, end = first + 1): Promise<Uint8Array> {
    const { start } = stream.bytesOf(first);
    return this.#fill(stream, start, new Uint8Array(stream.bytesOf(end - 1).end - start));
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  async #fill(stream: FileStream, start: number, bytes: Uint8Array): Promise<Uint8Array> {
    await atOnce(stream.spans(start, start + bytes.byteLength), FILES_AT_ONCE, ({ file, from, to }) => {
      const at = stream.startOf(file) + from - start;
      return this.#open.use(file, (handle) =>
        this.#read(handle, bytes.subarray(at, at + to - from), { file, from }),
      );
    });
    return bytes;
  }

  async #read(
    handle: FileHandle,
    into: Uint8Array,
    { file, from }: { file: number; from: number },
  ): Promise<void> {
    let filled = 0;
    while (filled < into.byteLength) {
      const { bytesRead } = await this.#translated(file, () =>
        handle.read(into, filled, into.byteLength - filled, from + filled),
      );
      if (bytesRead === 0) throw changed(this.#shared[file] as FileToShare);
      filled += bytesRead;
    }
    // Of a file that took its place, or of this one that was written to, these bytes are not those that were shared.
    await this.#check(handle, file);
  }

  async #check(handle: FileHandle, file: number): Promise<void> {
    const shared = this.#shared[file] as FileToShare;
    const stats = await this.#translated(file, () => handle.stat({ bigint: true }));
    if (fingerprint(stats) !== shared.fingerprint) throw changed(shared);
  }

  async #translated<T>(file: number, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      const { name } = this.#shared[file] as FileToShare;
      const why = (cause as Error).message;
      throw new RivuletError("file-unreadable", `"${name}" cannot be read any more (${why}).`, { cause });
    }
  }
}

function changed({ name }: FileToShare): RivuletError {
  return new RivuletError(
    "file-changed",
    `"${name}" was changed since it was shared, and is not sent any more. Send it again.`,
  );
}
