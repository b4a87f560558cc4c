import { MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";
import { directory, fileHeader, type ZipEntry } from "./zip-records.ts";

/** So much is checked in one turn of the worker. */
const TURN_BYTES = 64 * MIB;
const TURN_FILES = 256;

/** The part of `ShareWorker` that is used. */
export interface ChecksumWorker {
  ask(ask: "crc", question: { readonly blobs: readonly Blob[] }): Promise<readonly number[]>;
}

export interface ZipOptions {
  /** The archive's own name. */
  readonly name: string;
  readonly files: readonly SharedFile[];
  /** Each as a `File` that is whole. */
  readonly file: (index: number) => Promise<File>;
  /** Reads all files once: an archive has their checksums. */
  readonly worker: ChecksumWorker;
  readonly signal?: AbortSignal;
}

/**
 * All files as one ZIP archive, not compressed. It is made of the files themselves and what belongs between them, so it
 * takes neither memory nor disk; it is good for as long as they are.
 * @throws RivuletError `file-unreadable`, `aborted`, `worker-unavailable`.
 */
export async function zipFile({ name, files, file, worker, signal }: ZipOptions): Promise<File> {
  const parts: BlobPart[] = [];
  const entries: ZipEntry[] = [];
  let offset = 0;
  let turn: { readonly shared: SharedFile; readonly blob: Blob }[] = [];
  let turnBytes = 0;
  const add = async () => {
    if (signal?.aborted) throw new RivuletError("aborted", "Making the archive was stopped.");
    const crcs = await worker.ask("crc", { blobs: turn.map(({ blob }) => blob) });
    turn.forEach(({ shared, blob }, at) => {
      const { path, sizeBytes, modifiedAt = 0 } = shared;
      const entry = {
        name: new TextEncoder().encode(path),
        sizeBytes,
        crc: crcs[at] ?? 0,
        modifiedAt,
        offset,
      };
      const header = fileHeader(entry);
      entries.push(entry);
      parts.push(header, blob);
      offset += header.byteLength + sizeBytes;
    });
    turn = [];
    turnBytes = 0;
  };
  for (const [index, shared] of files.entries()) {
    turn.push({ shared, blob: await file(index) });
    turnBytes += shared.sizeBytes;
    if (turnBytes >= TURN_BYTES || turn.length >= TURN_FILES) await add();
  }
  await add();
  return new File([...parts, ...directory(entries, offset)], name, { type: "application/zip" });
}
