import { RivuletError } from "../../base/errors.ts";
import { mediaTypeOf } from "../../base/media-types.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";

/**
 * A file of a share, from blobs that hold its bytes: its name is the last of its path.
 * @throws RivuletError `file-unreadable` when some of it is missing.
 */
export function receivedFile({ path, sizeBytes, modifiedAt }: SharedFile, parts: readonly Blob[]): File {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const type = mediaTypeOf(name) ?? "";
  const file = new File([...parts], name, {
    type,
    ...(modifiedAt === undefined ? {} : { lastModified: modifiedAt }),
  });
  if (file.size !== sizeBytes) {
    throw new RivuletError(
      "file-unreadable",
      `"${path}" is not complete: ${sizeBytes - file.size} bytes of it are missing.`,
    );
  }
  return file;
}
