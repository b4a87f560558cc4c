import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "../../base/errors.ts";
import { isSafePath } from "../../content/share/listing.ts";
import { writeNew } from "./new-name.ts";

/** What a receiver remembers of its files. */
export interface SinkNotes {
  /** The names of files that could not have their own, by their place in the list. */
  readonly renamed: Readonly<Record<number, string>>;
  /** Everything was there, and files were being given their names. */
  readonly finishing: boolean;
}

const ATTEMPTS = 5;
const PAUSE_MS = 100;

/** What lies beside the files of an unfinished share, in hidden files that go when it is finished. */
export class SinkState {
  readonly #stem: string;
  #writing: Promise<void> = Promise.resolve();
  #isLocked = false;

  /** @param id the share's name */
  constructor(folder: string, id: string) {
    this.#stem = join(folder, `.rivulet-${id.slice(0, 16)}`);
  }

  /** @throws RivuletError `share-open-elsewhere` while another program receives the same share into the same folder. */
  async lock(): Promise<void> {
    const file = `${this.#stem}.lock`;
    let holder = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await writeNew(file, String(process.pid))) {
        this.#isLocked = true;
        return;
      }
      holder = Number(await readFile(file, "utf8").catch(() => ""));
      if (isAlive(holder)) break;
      // Whoever made it a moment ago has not said yet who it is.
      if (holder === 0 && attempt < ATTEMPTS - 2) await pause(PAUSE_MS);
      else await rm(file, { force: true });
    }
    throw new RivuletError(
      "share-open-elsewhere",
      `The same files are being received into this folder by process ${holder}. If that is something else, delete ${file}.`,
    );
  }

  async unlock(): Promise<void> {
    await this.#writing.catch(() => undefined);
    if (this.#isLocked) await rm(`${this.#stem}.lock`, { force: true });
    this.#isLocked = false;
  }

  async notes(): Promise<SinkNotes | undefined> {
    const text = await readFile(`${this.#stem}.json`, "utf8").catch(() => undefined);
    try {
      return text === undefined ? undefined : readNotes(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  keepNotes(notes: SinkNotes): Promise<void> {
    return this.#write(".json", JSON.stringify(notes));
  }

  /** The paths of the parts that were made; what else is called like one is somebody else's. */
  async begun(): Promise<ReadonlySet<string>> {
    const text = await readFile(`${this.#stem}.parts`, "utf8").catch(() => "");
    return new Set(text.split("\n").flatMap(readPath));
  }

  keepBegun(path: string): Promise<void> {
    // The line before may be cut off.
    return this.#inTurn(() => appendFile(`${this.#stem}.parts`, `\n${JSON.stringify(path)}`));
  }

  async description(): Promise<Uint8Array | undefined> {
    const bytes = await readFile(`${this.#stem}.bin`).catch(() => undefined);
    return bytes && new Uint8Array(bytes);
  }

  keepDescription(bytes: Uint8Array): Promise<void> {
    return this.#write(".bin", bytes);
  }

  async remove(): Promise<void> {
    await this.#writing.catch(() => undefined);
    for (const ending of [".parts", ".json", ".bin"]) await rm(this.#stem + ending, { force: true });
  }

  /** Whole or not at all. */
  #write(ending: string, content: string | Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      await writeFile(`${this.#stem}.tmp`, content);
      await rename(`${this.#stem}.tmp`, this.#stem + ending);
    });
  }

  /** One after the other. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(action);
    return this.#writing;
  }
}

function readNotes(value: unknown): SinkNotes {
  const { renamed, finishing } = value as Readonly<Record<string, unknown>>;
  const names = Object.entries(renamed as Readonly<Record<string, unknown>>).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && isSafePath(entry[1]),
  );
  return { renamed: Object.fromEntries(names), finishing: finishing === true };
}

function readPath(line: string): string[] {
  try {
    const path: unknown = JSON.parse(line);
    return typeof path === "string" ? [path] : [];
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
