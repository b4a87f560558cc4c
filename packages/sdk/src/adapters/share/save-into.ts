import { RivuletError } from "../../base/errors.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";
import { nameOfError, writeProblem } from "./disk-errors.ts";
import { namesOf, numbered } from "./unique-path.ts";

export interface SaveOptions {
  readonly folder: FileSystemDirectoryHandle;
  readonly files: readonly SharedFile[];
  /** Resolves when the file is whole; asked for one after another. */
  readonly file: (index: number) => Promise<File>;
  readonly signal?: AbortSignal;
}

/**
 * Writes files into a folder that the person picked, in their order. Nothing that is there is written over.
 * @throws RivuletError `file-unwritable`, `storage-full`, `aborted`.
 */
export async function saveInto({ folder, files, file, signal }: SaveOptions): Promise<void> {
  const saving = new FolderWriter(folder);
  for (const [index, { path }] of files.entries()) await saving.save(path, await file(index), signal);
}

/** Writes files into a folder, each with the folders of its path. */
export class FolderWriter {
  readonly #root: FileSystemDirectoryHandle;
  /** By path as it is in the share: on disk it may have another name. */
  readonly #folders = new Map<string, FileSystemDirectoryHandle>();

  constructor(folder: FileSystemDirectoryHandle) {
    this.#root = folder;
  }

  /**
   * One that cannot be written whole leaves nothing behind.
   * @throws RivuletError `file-unwritable`, `storage-full`, `aborted`.
   */
  async save(path: string, file: File, signal?: AbortSignal): Promise<void> {
    try {
      const names = namesOf(path);
      const last = names.pop() as string;
      const folder = await this.#folder(names);
      const handle = await allowed(last, (name) => newFile(folder, name));
      await fill(folder, handle, file, signal);
    } catch (cause) {
      if (signal?.aborted) throw new RivuletError("aborted", "Saving was stopped.", { cause });
      throw writeProblem(`"${path}"`, cause);
    }
  }

  async #folder(names: readonly string[]): Promise<FileSystemDirectoryHandle> {
    let folder = this.#root;
    let path = "";
    for (const name of names) {
      const parent = folder;
      path += `${name}/`;
      folder = this.#folders.get(path) ?? (await allowed(name, (fit) => folderOrNext(parent, fit)));
      this.#folders.set(path, folder);
    }
    return folder;
  }
}

async function fill(
  folder: FileSystemDirectoryHandle,
  handle: FileSystemFileHandle,
  file: File,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const writable = await handle.createWritable();
    await file.stream().pipeTo(writable, signal ? { signal } : {});
  } catch (cause) {
    await folder.removeEntry(handle.name).catch(() => undefined);
    throw cause;
  }
}

/** A file that was not there. */
async function newFile(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  for (let number = 1; ; number++) {
    const free = numbered(name, number);
    const isTaken = await folder.getFileHandle(free).then(
      () => true,
      (cause: unknown) => {
        if (nameOfError(cause) === "NotFoundError") return false;
        // A folder of that name.
        if (nameOfError(cause) === "TypeMismatchError") return true;
        throw cause;
      },
    );
    if (!isTaken) return folder.getFileHandle(free, { create: true });
  }
}

/** The folder of that name, or, where a file has it, the next one's. */
async function folderOrNext(
  parent: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemDirectoryHandle> {
  for (let number = 1; ; number++) {
    try {
      return await parent.getDirectoryHandle(numbered(name, number), { create: true });
    } catch (cause) {
      if (nameOfError(cause) !== "TypeMismatchError") throw cause;
    }
  }
}

/** Tries a name, and one that any system takes where the browser refuses it (`TypeError`): what for, it does not say. */
async function allowed<T>(name: string, make: (name: string) => Promise<T>): Promise<T> {
  const plain = name.replace(/[<>:"|?*\\\p{Cc}]/gu, "_").replace(/[. ~]+$/, "");
  const candidates = [name, plain, `${plain}_`].filter((each, at, all) => all.indexOf(each) === at);
  for (;;) {
    const candidate = candidates.shift() as string;
    try {
      return await make(candidate);
    } catch (cause) {
      if (!(cause instanceof TypeError) || candidates.length === 0) throw cause;
    }
  }
}
