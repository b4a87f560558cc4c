import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import { isFolder } from "./chosen-files.ts";
import { nameOfError, writeProblem } from "./disk-errors.ts";
import { type SyncHandle, syncHandle, writeAt } from "./sync-handle.ts";
import type { KeptShare } from "./worker-messages.ts";

/*
 * rivulet-share/<id>/used          when it was last written to (8 bytes, ms since 1970); whose handle is open, has the share
 * rivulet-share/<id>/description   its length (4 bytes), then what the receiver keeps about it
 * rivulet-share/<id>/data/<n>      its volumes
 */
const ROOT = "rivulet-share";
const USED = "used";
const USED_BYTES = 8;

/** The worker of a page that was just left lets go of its files a moment later. */
const LEAVING_MS = 2 * second;
const RETRY_MS = 100;

/** A share's folder, and the handle that keeps others out of it. */
export interface ClaimedFolder {
  readonly folder: FileSystemDirectoryHandle;
  readonly used: SyncHandle;
}

/** @throws RivuletError `share-open-elsewhere`, `storage-full`, `storage-unavailable`, `file-unwritable`. */
export async function claimFolder(id: string): Promise<ClaimedFolder> {
  try {
    const root = await rootFolder();
    const folder = await root.getDirectoryHandle(id, { create: true });
    const used = await patiently(folder);
    try {
      await noteUse(used);
    } catch (cause) {
      await used.close();
      throw cause;
    }
    return { folder, used };
  } catch (cause) {
    if (nameOfError(cause) === "NoModificationAllowedError") {
      throw new RivuletError(
        "share-open-elsewhere",
        "These files are open in another tab of this browser. Go on there, or close it.",
        { cause },
      );
    }
    throw writeProblem("The files", cause);
  }
}

async function patiently(folder: FileSystemDirectoryHandle): Promise<SyncHandle> {
  const file = await folder.getFileHandle(USED, { create: true });
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      return await syncHandle(file);
    } catch (cause) {
      if (nameOfError(cause) !== "NoModificationAllowedError") throw noDisk(cause);
      if (waitedMs >= LEAVING_MS) throw cause;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export async function noteUse(used: SyncHandle): Promise<void> {
  const bytes = new Uint8Array(USED_BYTES);
  new DataView(bytes.buffer).setFloat64(0, Date.now());
  writeAt(used, bytes, 0);
}

/** Deletes a share's folder. Nothing of it may be open. */
export async function deleteFolder(id: string): Promise<void> {
  const root = await rootFolder();
  await root.removeEntry(id, { recursive: true });
}

/** The shares that are kept; none where nothing can be. */
export async function listFolders(): Promise<KeptShare[]> {
  const found: KeptShare[] = [];
  const root = await rootFolder().catch(() => undefined);
  if (!root) return found;
  for await (const [id, folder] of root.entries()) {
    if (isFolder(folder)) found.push({ id, ...(await useOf(folder)) });
  }
  return found;
}

async function useOf(folder: FileSystemDirectoryHandle): Promise<Pick<KeptShare, "usedAt" | "isOpen">> {
  try {
    const handle = await syncHandle(await folder.getFileHandle(USED, { create: true }));
    const bytes = new Uint8Array(USED_BYTES);
    const isWhole = handle.read(bytes, { at: 0 }) === USED_BYTES;
    await handle.close();
    return { usedAt: isWhole ? new DataView(bytes.buffer).getFloat64(0) : 0, isOpen: false };
  } catch {
    return { usedAt: 0, isOpen: true };
  }
}

async function rootFolder(): Promise<FileSystemDirectoryHandle> {
  const files = await ownFiles();
  return files.getDirectoryHandle(ROOT, { create: true });
}

async function ownFiles(): Promise<FileSystemDirectoryHandle> {
  try {
    return await navigator.storage.getDirectory();
  } catch (cause) {
    throw noDisk(cause);
  }
}

/** Why the browser gives this page no disk. One that is only full is a disk all the same. */
function noDisk(cause: unknown): unknown {
  if (cause instanceof RivuletError || nameOfError(cause) === "QuotaExceededError") return cause;
  return new RivuletError("storage-unavailable", `This browser keeps no files for this page: ${cause}`, {
    cause,
  });
}

/** Deletes those that nobody has open, and that were not written to for so long; returns their ids. */
export async function forgetFolders(maxAgeMs: number): Promise<string[]> {
  const gone: string[] = [];
  for (const { id, usedAt, isOpen } of await listFolders()) {
    if (isOpen || Date.now() - usedAt <= maxAgeMs) continue;
    // Another tab may just have opened it: then it is not old.
    const isDeleted = await deleteFolder(id).then(
      () => true,
      () => false,
    );
    if (isDeleted) gone.push(id);
  }
  return gone;
}
