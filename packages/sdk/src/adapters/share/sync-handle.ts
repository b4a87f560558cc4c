import { RivuletError } from "../../base/errors.ts";

/**
 * The parts of `FileSystemSyncAccessHandle` that are used; TypeScript's declarations for pages lack it. Safari before 16.4
 * answers later what other browsers answer at once, so all but `read` and `write` is awaited.
 */
export interface SyncHandle {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  getSize(): number | Promise<number>;
  flush(): void | Promise<void>;
  close(): void | Promise<void>;
}

/**
 * The one handle that a file has at a time, in whatever tab.
 * @throws RivuletError `storage-unavailable` when the browser has none; DOMException `NoModificationAllowedError` when the
 * file has one already.
 */
export async function syncHandle(file: FileSystemFileHandle): Promise<SyncHandle> {
  if ("createSyncAccessHandle" in file && typeof file.createSyncAccessHandle === "function") {
    return file.createSyncAccessHandle();
  }
  throw new RivuletError(
    "storage-unavailable",
    "This browser cannot write files of its own from a worker. Update it: Chrome 102, Firefox 111 and Safari 15.2 can.",
  );
}

/** Bytes [from, to) of a file; undefined when it ends before. */
export function readRange(handle: SyncHandle, from: number, to: number): Uint8Array | undefined {
  const bytes = new Uint8Array(to - from);
  return handle.read(bytes, { at: from }) === bytes.byteLength ? bytes : undefined;
}

/** @throws DOMException `QuotaExceededError`, also where the browser just writes less. */
export function writeAt(handle: SyncHandle, bytes: Uint8Array, at: number): void {
  if (handle.write(bytes, { at }) !== bytes.byteLength)
    throw new DOMException("Not all was written.", "QuotaExceededError");
}
