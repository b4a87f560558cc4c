import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { RivuletError } from "../base/errors.ts";
import { HASH_BYTES } from "../content/limits.ts";
import { fingerprint, type ListedFile } from "./list-files.ts";

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

/**
 * The SHA-256 of each piece of a file, one after the other. Holds two pieces in memory: one is read while the other
 * is hashed.
 * @throws RivuletError `file-unreadable` when it cannot be read or changed since it was listed.
 */
export async function hashFile(options: {
  readonly file: ListedFile;
  readonly pieceBytes: number;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}): Promise<Uint8Array> {
  const { file } = options;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.location);
    const hashes = await hashPieces(handle, options);
    // A hash of half the old bytes and half the new would make every visitor refuse the file.
    if (fingerprint(await stat(file.location, { bigint: true })) !== file.fingerprint) throw changed(file);
    return hashes;
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw new RivuletError(
      "file-unreadable",
      `"${file.name}" cannot be read (${(cause as Error).message}).`,
      {
        cause,
      },
    );
  } finally {
    await handle?.close();
  }
}

async function hashPieces(
  handle: FileHandle,
  { file, pieceBytes, signal, onBytes }: Parameters<typeof hashFile>[0],
): Promise<Uint8Array> {
  const count = Math.ceil(file.sizeBytes / pieceBytes);
  const hashes = new Uint8Array(count * HASH_BYTES);
  const buffers = Array.from({ length: Math.min(2, count) }, () =>
    Buffer.allocUnsafeSlow(Math.min(pieceBytes, file.sizeBytes)),
  );
  const read = (piece: number): Promise<Uint8Array> => {
    const at = piece * pieceBytes;
    const buffer = buffers[piece % 2] as Buffer;
    return fill(handle, buffer.subarray(0, Math.min(pieceBytes, file.sizeBytes - at)), { at, file });
  };
  let ahead = count > 0 ? read(0) : undefined;
  for (let piece = 0; piece < count; piece++) {
    const bytes = (await ahead) as Uint8Array;
    signal.throwIfAborted();
    ahead = piece + 1 < count ? read(piece + 1) : undefined;
    // It is awaited in the next turn; until then a failure must not count as unhandled.
    ahead?.catch(() => {});
    hashes.set(createHash("sha256").update(bytes).digest(), piece * HASH_BYTES);
    onBytes(bytes.byteLength);
  }
  return hashes;
}

async function fill(
  handle: FileHandle,
  buffer: Buffer,
  { at, file }: { readonly at: number; readonly file: ListedFile },
): Promise<Uint8Array> {
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, at + filled);
    if (bytesRead === 0) throw changed(file);
    filled += bytesRead;
  }
  return buffer;
}

function changed(file: ListedFile): RivuletError {
  return new RivuletError(
    "file-unreadable",
    `"${file.name}" changed while it was read. Run this again when nothing writes to it.`,
  );
}
