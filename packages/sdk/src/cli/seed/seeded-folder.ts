import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { equalBytes } from "../../base/bytes.ts";
import type { Geometry } from "../../content/geometry.ts";
import { sha256 } from "../hash-file.ts";
import { rootOf } from "../list-files.ts";

const MOST_OPEN = 64;

/** The files of a folder as a manifest lists them, piece by piece; what differs from the manifest is not there. */
export class SeededFolder {
  readonly #root: string;
  readonly #geometry: Geometry;
  /** By resource; the first was not used for longest. */
  readonly #open = new Map<number, Promise<FileHandle | undefined>>();

  private constructor(root: string, geometry: Geometry) {
    this.#root = root;
    this.#geometry = geometry;
  }

  /** @throws RivuletError `file-unreadable` when there is no such folder. */
  static async in(directory: string, geometry: Geometry): Promise<SeededFolder> {
    return new SeededFolder(await rootOf(directory), geometry);
  }

  /** The piece as the folder has it; undefined when it has none, or another. */
  async read(piece: number): Promise<Uint8Array | undefined> {
    const { resource, offset, length } = this.#geometry.place(piece);
    const handle = await this.#handle(resource);
    if (!handle) return undefined;
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset).catch(() => ({ bytesRead: 0 }));
    if (bytesRead !== length) return undefined;
    return equalBytes(await sha256(bytes), this.#geometry.hash(piece)) ? bytes : undefined;
  }

  async close(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    for (const handle of handles) await (await handle)?.close();
  }

  #handle(resource: number): Promise<FileHandle | undefined> {
    const known = this.#open.get(resource);
    if (known) {
      this.#open.delete(resource);
      this.#open.set(resource, known);
      return known;
    }
    for (const [oldest, handle] of this.#open) {
      if (this.#open.size < MOST_OPEN) break;
      this.#open.delete(oldest);
      // Whoever reads from it now has it yet.
      void handle.then((each) => setTimeout(() => void each?.close(), 1000));
    }
    const opening = this.#openFile(resource);
    this.#open.set(resource, opening);
    return opening;
  }

  async #openFile(resource: number): Promise<FileHandle | undefined> {
    const { path } = this.#geometry.resource(resource);
    try {
      const names = path.split("?", 1)[0]?.split("/").map(decodeURIComponent) ?? [];
      const location = await realpath(join(this.#root, ...names));
      // A manifest is somebody's file: it must not have this program read what is elsewhere.
      return location.startsWith(this.#root + sep) ? await open(location) : undefined;
    } catch {
      return undefined;
    }
  }
}
