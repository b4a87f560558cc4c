import { MIB } from "../../base/bytes.ts";
import { type SyncHandle, syncHandle } from "./sync-handle.ts";

/** Browsers and systems allow some hundreds. */
const MOST_OPEN = 32;
/** A machine that loses power loses so much, at most. */
const UNFLUSHED_BYTES = 32 * MIB;

interface Open {
  readonly handle: SyncHandle;
  isDirty: boolean;
}

/** The volumes of one share, by number; those that were used last stay open. To be used by one at a time. */
export class VolumeHandles {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #onFlushed: () => void;
  readonly #present = new Set<string>();
  /** The first was not used for longest. */
  readonly #open = new Map<number, Open>();
  #unflushedBytes = 0;

  private constructor(folder: FileSystemDirectoryHandle, onFlushed: () => void) {
    this.#folder = folder;
    this.#onFlushed = onFlushed;
  }

  static async in(folder: FileSystemDirectoryHandle, onFlushed: () => void): Promise<VolumeHandles> {
    const handles = new VolumeHandles(folder, onFlushed);
    for await (const name of folder.keys()) handles.#present.add(name);
    return handles;
  }

  isPresent(volume: number): boolean {
    return this.#present.has(String(volume));
  }

  /** Undefined when there is no such volume yet. */
  async toRead(volume: number): Promise<SyncHandle | undefined> {
    return this.isPresent(volume) ? (await this.#opened(volume)).handle : undefined;
  }

  /** Makes it when there is none. */
  async toWrite(volume: number): Promise<SyncHandle> {
    const open = await this.#opened(volume);
    open.isDirty = true;
    return open.handle;
  }

  async wrote(bytes: number): Promise<void> {
    this.#unflushedBytes += bytes;
    if (this.#unflushedBytes < UNFLUSHED_BYTES) return;
    this.#unflushedBytes = 0;
    for (const open of this.#open.values()) await flush(open);
    this.#onFlushed();
  }

  /** The volume as a file. Its handle goes first: on some systems it is only then that the file's date is settled. */
  async file(volume: number): Promise<File> {
    await this.#close(volume);
    const file = await this.#folder.getFileHandle(String(volume), { create: true });
    return file.getFile();
  }

  /** Its length, bytes; 0 when there is none. */
  async sizeOf(volume: number): Promise<number> {
    return (await (await this.toRead(volume))?.getSize()) ?? 0;
  }

  async closeAll(): Promise<void> {
    for (const volume of [...this.#open.keys()]) await this.#close(volume);
  }

  async #opened(volume: number): Promise<Open> {
    const known = this.#open.get(volume);
    if (known) {
      this.#open.delete(volume);
      this.#open.set(volume, known);
      return known;
    }
    for (const [oldest] of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      await this.#close(oldest);
    }
    const name = String(volume);
    const file = await this.#folder.getFileHandle(name, { create: true });
    const open = { handle: await syncHandle(file), isDirty: false };
    this.#present.add(name);
    this.#open.set(volume, open);
    return open;
  }

  async #close(volume: number): Promise<void> {
    const open = this.#open.get(volume);
    if (!open) return;
    this.#open.delete(volume);
    try {
      await flush(open);
    } finally {
      await open.handle.close();
    }
  }
}

async function flush(open: Open): Promise<void> {
  if (open.isDirty) await open.handle.flush();
  open.isDirty = false;
}
