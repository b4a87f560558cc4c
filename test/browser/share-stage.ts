import type { RoomSource } from "#sdk/adapters/share/disk-room.ts";
import { OpfsShareSink } from "#sdk/adapters/share/opfs-sink.ts";
import { ShareWorker } from "#sdk/adapters/share/share-worker.ts";
import { bytesFor, piecesOf, streamOf } from "../contract/share-bytes.ts";
import type { Visit } from "../contract/share-sink.ts";

const WORKER = new URL("../../packages/sdk/src/integrations/share/worker.ts", import.meta.url);

/** A worker of its own, as each tab has. */
export function newWorker(): ShareWorker {
  return new ShareWorker(WORKER);
}

/** An id that no other test uses. */
export function newShare(): string {
  return `test-${crypto.randomUUID()}`;
}

/** A place on disk; each visit is another tab's. */
export function newPlace(share = newShare()): Visit {
  return async () => OpfsShareSink.claim(newWorker(), share);
}

const PIECE_BYTES = 65_536;
/** Short and long ones by turns, so that there are several volumes of both kinds. */
export const FILES = [1_500_000, 20, 70_000, 0, 1_100_000, 300_000].map((length, at) => ({
  path: `folder/${at}.mp4`,
  bytes: bytesFor(at, length),
}));
export const STREAM = streamOf(FILES, PIECE_BYTES);
export const PIECES = piecesOf(FILES, PIECE_BYTES);

/** Runs with a share that is removed afterwards. */
export async function withSink(
  run: (sink: OpfsShareSink, share: string) => Promise<void>,
  storage?: RoomSource,
): Promise<void> {
  const share = newShare();
  const sink = await OpfsShareSink.claim(newWorker(), share, storage);
  try {
    await run(sink, share);
  } finally {
    await sink.remove();
  }
}

/** A folder of the page's own, gone afterwards. */
export async function inFolder(run: (folder: FileSystemDirectoryHandle) => Promise<void>): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const name = newShare();
  try {
    await run(await root.getDirectoryHandle(name, { create: true }));
  } finally {
    await root.removeEntry(name, { recursive: true });
  }
}

/** Writes a file with the folders of its path. */
export async function put(
  folder: FileSystemDirectoryHandle,
  path: string,
  bytes: Uint8Array,
): Promise<FileSystemFileHandle> {
  const names = path.split("/");
  const last = names.pop() ?? "";
  let inside = folder;
  for (const name of names) inside = await inside.getDirectoryHandle(name, { create: true });
  const handle = await inside.getFileHandle(last, { create: true });
  const writable = await handle.createWritable();
  await writable.write(new Uint8Array(bytes));
  await writable.close();
  return handle;
}

/** Every file of a folder by its path, with its bytes. */
export async function contents(
  folder: FileSystemDirectoryHandle,
  path = "",
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const [name, handle] of folder.entries()) {
    if (handle instanceof FileSystemDirectoryHandle)
      for (const [inside, bytes] of await contents(handle, `${path}${name}/`)) found.set(inside, bytes);
    else if (handle instanceof FileSystemFileHandle)
      found.set(path + name, await bytesOf(await handle.getFile()));
  }
  return found;
}

export async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
