import type { FileHandle } from "node:fs/promises";

interface Opened {
  readonly handle: Promise<FileHandle>;
  users: number;
}

/** Programs may have 256 files open in some systems, and there are sockets too. */
const MOST_OPEN = 64;

/** Files that are open because they were used lately: a large one is used once for each of its pieces. */
export class OpenFiles {
  readonly #open: (file: number) => Promise<FileHandle>;
  readonly #most: number;
  /** The one that was used longest ago comes first. */
  readonly #opened = new Map<number, Opened>();

  constructor(open: (file: number) => Promise<FileHandle>, most = MOST_OPEN) {
    this.#open = open;
    this.#most = most;
  }

  /** Lends a file to `action`, and closes it at some time after that. */
  async use<T>(file: number, action: (handle: FileHandle) => Promise<T>): Promise<T> {
    const opened = this.#opened.get(file) ?? { handle: this.#open(file), users: 0 };
    this.#opened.delete(file);
    this.#opened.set(file, opened);
    opened.users++;
    try {
      return await action(await opened.handle);
    } catch (error) {
      // One that cannot be used is opened anew the next time.
      if (this.#opened.get(file) === opened) this.#opened.delete(file);
      throw error;
    } finally {
      opened.users--;
      if (opened.users === 0 && this.#opened.get(file) !== opened) await closed(opened);
      await this.#closeSurplus();
    }
  }

  /** Nothing may be in use. */
  async close(): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.all(all.map(closed));
  }

  async #closeSurplus(): Promise<void> {
    for (const [file, opened] of this.#opened) {
      if (this.#opened.size <= this.#most) return;
      if (opened.users > 0) continue;
      this.#opened.delete(file);
      await closed(opened);
    }
  }
}

async function closed({ handle }: Opened): Promise<void> {
  await handle.then(
    (file) => file.close(),
    () => undefined,
  );
}
