import { constants } from "node:fs";
import { type FileHandle, open, rm, rmdir, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileStream } from "../../content/share/file-stream.ts";
import { atOnce } from "./at-once.ts";
import { checkRoom, occupiedBytes } from "./disk-room.ts";
import { FoldersWithin } from "./folder-within.ts";
import { PART } from "./local-paths.ts";
import { moveNew, openNew, statsOf, writeNew } from "./new-name.ts";
import { checkPart, removedPart } from "./part-checks.ts";
import { ReceivedNames } from "./received-names.ts";
import type { SinkState } from "./sink-state.ts";
import { isThereAlready } from "./there-already.ts";

const FILES_AT_ONCE = 16;

/** The files of a share in their folder, from when they begin until they have their names. */
export class PartFiles {
  readonly #folder: string;
  readonly #stream: FileStream;
  readonly #state: SinkState;
  readonly #names: ReceivedNames;
  /** What is on disk of a file: its part; once it is finished, itself; or itself from an earlier time. */
  readonly #present = new Map<number, "part" | "whole" | "found">();
  /** Settles once a part has got the file's name, or has not: until then it may be under either. */
  readonly #moves = new Map<number, Promise<void>>();
  readonly #folders: FoldersWithin;
  /** Files are being given their names, or were when an earlier visit ended. */
  #isFinishing = false;
  #isFinished = false;

  constructor(parts: { readonly folder: string; readonly stream: FileStream; readonly state: SinkState }) {
    this.#folder = parts.folder;
    this.#stream = parts.stream;
    this.#state = parts.state;
    this.#folders = new FoldersWithin(parts.folder);
    this.#names = new ReceivedNames(parts.folder, parts.stream);
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Resolves with the piece behind the last that something is there of. */
  async open(): Promise<number> {
    const notes = await this.#state.notes();
    const begun = notes && (await this.#state.begun());
    this.#isFinishing = notes?.finishing ?? false;
    if (notes) this.#names.keep(notes.renamed);
    const sizes = new Map<number, number>();
    let occupied = 0;
    await atOnce(this.#stream.files, FILES_AT_ONCE, async (shared, file) => {
      const { sizeBytes } = shared;
      const part = begun?.has(this.pathOf(file)) && (await statsOf(this.#partOf(file)));
      const stats = part || (await statsOf(this.#locationOf(file)));
      if (!stats?.isFile()) return;
      if (part) this.#present.set(file, "part");
      else if (this.#isFinishing && stats.size === sizeBytes) this.#present.set(file, "whole");
      else if (isThereAlready(stats, shared)) this.#present.set(file, "found");
      else return;
      sizes.set(file, Math.min(stats.size, sizeBytes));
      // What is whole needs no more, however small its disk has packed it.
      occupied += part ? Math.min(occupiedBytes(stats), sizeBytes) : sizeBytes;
    });
    if (!notes) await this.#names.choose((file) => this.exists(file));
    await checkRoom(this.#folder, this.#stream.totalBytes - occupied);
    // Told before anything is made: what is made must be found again.
    if (!notes) await this.#keepNotes();
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
    return this.#names.paths;
  }

  pathOf(file: number): string {
    return this.paths[file] as string;
  }

  /** Opens what there is of a file, or begins it. */
  async reach(file: number): Promise<FileHandle> {
    const move = this.#moves.get(file);
    await move;
    if (this.isReadOnly(file)) return open(this.#locationOf(file), "r");
    if (!this.exists(file)) return this.#begin(file);
    try {
      return await open(this.#partOf(file), constants.O_RDWR);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
      if (this.#moves.get(file) !== move) return this.reach(file);
      throw removedPart(this.pathOf(file) + PART);
    }
  }

  /** Everything is there: gives the files their names and dates. */
  async finish(): Promise<void> {
    if (this.#isFinished) return;
    this.#isFinishing = true;
    await this.#keepNotes();
    await atOnce(this.#stream.files, FILES_AT_ONCE, (_, file) => {
      const move = this.#finishOne(file);
      this.#moves.set(
        file,
        move.catch(() => undefined),
      );
      return move;
    });
    this.#isFinished = true;
    await this.#state.remove();
  }

  /** Takes away what came, and the folders that are empty then. */
  async remove(): Promise<void> {
    const folders = new Set<string>();
    await atOnce(this.#stream.files, FILES_AT_ONCE, async (_, file) => {
      const location = this.#locationOf(file);
      const present = this.#present.get(file);
      if (present === "part") await rm(this.#partOf(file), { force: true });
      if (present === "whole") await rm(location, { force: true });
      for (let folder = dirname(this.pathOf(file)); folder !== "."; folder = dirname(folder))
        folders.add(folder);
    });
    // The longest lie deepest.
    for (const folder of [...folders].sort((a, b) => b.length - a.length))
      await rmdir(join(this.#folder, folder)).catch(() => undefined);
  }

  async #begin(file: number): Promise<FileHandle> {
    await this.#folders.make(dirname(this.#locationOf(file)));
    let handle = await openNew(this.#partOf(file));
    while (!handle) {
      await this.#names.chooseNext(file);
      await this.#keepNotes();
      handle = await openNew(this.#partOf(file));
    }
    try {
      await this.#state.keepBegun(this.pathOf(file));
    } catch (cause) {
      // The next visit would take it for somebody else's.
      await handle.close();
      await rm(this.#partOf(file), { force: true });
      throw cause;
    }
    this.#present.set(file, "part");
    return handle;
  }

  async #finishOne(file: number): Promise<void> {
    const { sizeBytes, modifiedAt } = this.#stream.files[file] as FileStream["files"][number];
    if (this.isReadOnly(file)) return;
    await this.#folders.make(dirname(this.#locationOf(file)));
    const isPart = this.exists(file) || sizeBytes > 0;
    if (isPart) await checkPart(this.#partOf(file), { name: this.pathOf(file) + PART, sizeBytes });
    const give = (location: string) =>
      isPart ? moveNew(this.#partOf(file), location) : writeNew(location, "");
    while (!(await give(this.#locationOf(file)))) await this.#giveNext(file, isPart);
    this.#present.set(file, "whole");
    if (modifiedAt === undefined) return;
    const date = new Date(modifiedAt);
    // Some disks know no such dates, and the file is there all the same.
    await utimes(this.#locationOf(file), date, date).catch(() => undefined);
  }

  /** Somebody has made a file of that name meanwhile. */
  async #giveNext(file: number, isPart: boolean): Promise<void> {
    const part = this.#partOf(file);
    do {
      await this.#names.chooseNext(file);
      // Should this program end here, what has the old name is not to be taken for ours.
      await this.#keepNotes();
      if (isPart) await this.#state.keepBegun(this.pathOf(file));
    } while (isPart && !(await moveNew(part, this.#partOf(file))));
  }

  #keepNotes(): Promise<void> {
    return this.#state.keepNotes({ renamed: this.#names.renamed, finishing: this.#isFinishing });
  }

  #locationOf(file: number): string {
    return join(this.#folder, this.pathOf(file));
  }

  #partOf(file: number): string {
    return this.#locationOf(file) + PART;
  }
}
