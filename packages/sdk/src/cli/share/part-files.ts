import { constants, type Stats } from "node:fs";
import {
  type FileHandle,
  lstat,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileStream } from "../../content/share/file-stream.ts";
import { atOnce } from "./at-once.ts";
import { checkRoom, occupiedBytes } from "./disk-room.ts";
import { makeFolderWithin } from "./folder-within.ts";
import { localPath, PART, TakenNames } from "./local-paths.ts";
import type { SinkState } from "./sink-state.ts";
import { isThereAlready } from "./there-already.ts";

const FILES_AT_ONCE = 16;

/** The files of a share in their folder, from when they begin until they have their names. */
export class PartFiles {
  readonly #folder: string;
  readonly #stream: FileStream;
  readonly #state: SinkState;
  readonly #paths: string[];
  /** What is on disk of a file: its part; once it is finished, itself; or itself from an earlier time. */
  readonly #present = new Map<number, "part" | "whole" | "found">();
  readonly #madeFolders = new Map<string, Promise<void>>();
  #isFinished = false;

  constructor(parts: { readonly folder: string; readonly stream: FileStream; readonly state: SinkState }) {
    this.#folder = parts.folder;
    this.#stream = parts.stream;
    this.#state = parts.state;
    this.#paths = parts.stream.files.map(({ path }) => localPath(path, process.platform));
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Resolves with the piece behind the last that something is there of. */
  async open(): Promise<number> {
    const notes = await this.#state.notes();
    for (const [file, path] of Object.entries(notes?.renamed ?? {}))
      this.#paths[Number(file)] = localPath(path, process.platform);
    const sizes = new Map<number, number>();
    let occupied = 0;
    await atOnce(this.#stream.files, FILES_AT_ONCE, async (shared, file) => {
      const { sizeBytes } = shared;
      const part = notes && (await statsOf(this.#locationOf(file) + PART));
      const stats = part ?? (await statsOf(this.#locationOf(file)));
      if (!stats?.isFile()) return;
      if (part) this.#present.set(file, "part");
      else if (notes?.finishing && stats.size === sizeBytes) this.#present.set(file, "whole");
      else if (isThereAlready(stats, shared)) this.#present.set(file, "found");
      else return;
      sizes.set(file, Math.min(stats.size, sizeBytes));
      occupied += Math.min(occupiedBytes(stats), sizeBytes);
    });
    if (!notes) await this.#chooseNames();
    await checkRoom(this.#folder, this.#stream.totalBytes - occupied);
    // Told before anything is made: what is made must be found again.
    if (!notes) await this.#keepNotes(false);
    let last = 0;
    for (const [file, size] of sizes) if (size > 0) last = Math.max(last, this.#stream.startOf(file) + size);
    return Math.ceil(last / this.#stream.pieceBytes);
  }

  exists(file: number): boolean {
    return this.#present.has(file);
  }

  /** It has its name, and may be somebody else's by now: nothing is written into it. */
  isReadOnly(file: number): boolean {
    return this.exists(file) && this.#present.get(file) !== "part";
  }

  /** In the order of the share's list. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  pathOf(file: number): string {
    return this.#paths[file] as string;
  }

  /** Opens what there is of a file, or begins it. */
  async reach(file: number): Promise<FileHandle> {
    if (this.isReadOnly(file)) return open(this.#locationOf(file), "r");
    await this.#makeFolderOf(file);
    const handle = await open(this.#locationOf(file) + PART, constants.O_RDWR | constants.O_CREAT);
    this.#present.set(file, "part");
    return handle;
  }

  /** Everything is there: gives the files their names and dates. */
  async finish(): Promise<void> {
    if (this.#isFinished) return;
    await this.#keepNotes(true);
    await atOnce(this.#stream.files, FILES_AT_ONCE, (_, file) => this.#finishOne(file));
    this.#isFinished = true;
    await this.#state.remove();
  }

  /** Takes away what came, and the folders that are empty then. */
  async remove(): Promise<void> {
    const folders = new Set<string>();
    await atOnce(this.#stream.files, FILES_AT_ONCE, async (_, file) => {
      const location = this.#locationOf(file);
      const present = this.#present.get(file);
      if (present === "part") await rm(location + PART, { force: true });
      if (present === "whole") await rm(location, { force: true });
      for (let folder = dirname(this.pathOf(file)); folder !== "."; folder = dirname(folder))
        folders.add(folder);
    });
    // The longest lie deepest.
    for (const folder of [...folders].sort((a, b) => b.length - a.length))
      await rmdir(join(this.#folder, folder)).catch(() => undefined);
  }

  async #finishOne(file: number): Promise<void> {
    const { sizeBytes, modifiedAt } = this.#stream.files[file] as FileStream["files"][number];
    if (this.isReadOnly(file)) return;
    await this.#makeFolderOf(file);
    await this.#leaveOthersAlone(file);
    const location = this.#locationOf(file);
    if (this.exists(file) || sizeBytes > 0) await rename(location + PART, location);
    else await writeFile(location, "", { flag: "wx" });
    this.#present.set(file, "whole");
    if (modifiedAt === undefined) return;
    const date = new Date(modifiedAt);
    // Some disks know no such dates, and the file is there all the same.
    await utimes(location, date, date).catch(() => undefined);
  }

  /** Somebody may have made a file of that name meanwhile. */
  async #leaveOthersAlone(file: number): Promise<void> {
    const taken = new TakenNames(process.platform);
    const part = this.#locationOf(file) + PART;
    const before = this.pathOf(file);
    while (await statsOf(this.#locationOf(file))) {
      taken.add(this.pathOf(file));
      const own = this.#paths.filter((_, index) => index !== file);
      for (const path of own) taken.add(path);
      this.#paths[file] = taken.take(this.pathOf(file));
    }
    if (this.pathOf(file) === before) return;
    // Should this program end here, what has the old name is not to be taken for ours.
    await this.#keepNotes(true);
    await rename(part, this.#locationOf(file) + PART).catch(() => undefined);
  }

  async #chooseNames(): Promise<void> {
    const taken = new TakenNames(process.platform);
    const folders = new Set(this.#paths.map((path) => dirname(path)));
    await atOnce([...folders], FILES_AT_ONCE, async (folder) => {
      const names = await readdir(join(this.#folder, folder)).catch(() => []);
      for (const name of names) taken.add(folder === "." ? name : `${folder}/${name}`);
    });
    for (const folder of folders) taken.add(folder);
    for (const [file, path] of this.#paths.entries())
      if (!this.exists(file)) this.#paths[file] = taken.take(path);
  }

  #keepNotes(finishing: boolean): Promise<void> {
    const renamed: Record<number, string> = {};
    for (const [file, path] of this.#paths.entries())
      if (path !== this.#stream.files[file]?.path) renamed[file] = path;
    return this.#state.keepNotes({ renamed, finishing });
  }

  #locationOf(file: number): string {
    return join(this.#folder, this.pathOf(file));
  }

  #makeFolderOf(file: number): Promise<void> {
    const folder = dirname(this.#locationOf(file));
    const known = this.#madeFolders.get(folder);
    if (known) return known;
    const making = makeFolderWithin(this.#folder, folder);
    this.#madeFolders.set(folder, making);
    // What failed once may be possible later.
    making.catch(() => this.#madeFolders.delete(folder));
    return making;
  }
}

function statsOf(location: string): Promise<Stats | undefined> {
  return lstat(location).catch(() => undefined);
}
