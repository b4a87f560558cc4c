import { mediaTypeOf } from "../base/media-types.ts";
import { pieceBytesFor, type Resource } from "../content/manifest.ts";
import { merkleRoot } from "../content/merkle.ts";
import { hashFile, sha256 } from "./hash-file.ts";
import type { ListedFile } from "./list-files.ts";

/**
 * Reads a file and says what a manifest says of it.
 * @throws RivuletError `file-unreadable` when it cannot be read or changed since it was listed; what the signal was
 * aborted with.
 */
export async function hashResource(options: {
  readonly file: ListedFile;
  readonly signal: AbortSignal;
  /** Called with how many more bytes were hashed. */
  readonly onBytes: (bytes: number) => void;
}): Promise<Resource> {
  const { file } = options;
  const pieceBytes = pieceBytesFor(file.sizeBytes);
  const hashes = await hashFile({ ...options, pieceBytes });
  return {
    path: file.path,
    sizeBytes: file.sizeBytes,
    pieceBytes,
    mediaType: mediaTypeOf(file.name),
    root: await merkleRoot(hashes, sha256),
    hashes,
  };
}
