import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { LiveListing } from "../../content/live-listing.ts";
import type { Resource } from "../../content/manifest.ts";
import { hashResource } from "../hash-resource.ts";
import { isVanished, type ListedFile, listFiles } from "../list-files.ts";
import { writeAtomically } from "../output-file.ts";
import { type Candidate, chooseSegments } from "./choose-segments.ts";
import { isPlaylist, type NamedFiles, Playlists } from "./playlists.ts";
import { Problems } from "./problems.ts";
import {
  DEFAULT_SEGMENT_LIMITS,
  type LimitName,
  limitBrokenBy,
  limitSentence,
  type SegmentLimits,
} from "./segment-limits.ts";
import { isDraft, StillFiles } from "./still-files.ts";

export interface SegmentFolderOptions {
  readonly directory: string;
  /** Absolute name of the file that the manifest is written to. */
  readonly output: string;
  /** Absolute URL that ends in a slash. */
  readonly base?: string | undefined;
  /** Globs to leave out, see glob.ts. */
  readonly exclude?: readonly string[];
  readonly limits?: Partial<SegmentLimits>;
  /** Called with a sentence for the person who runs this. */
  readonly tell: (sentence: string) => void;
}

/** A file that no playlist will name counts as complete when nothing was written to it for so long. */
export const SETTLE_MS = 0.5 * second;

/** A live packager's output folder, and the manifest that is kept up with it. */
export class SegmentFolder {
  readonly #options: SegmentFolderOptions;
  readonly #limits: SegmentLimits;
  readonly #manifest: LiveListing;
  readonly #problems: Problems;
  readonly #playlists: Playlists;
  readonly #still = new StillFiles();
  /** Files that were written to after they had been listed: even a playlist's word is not enough for them. */
  readonly #restless = new Set<string>();
  #playlistFolders: readonly string[] = [];
  /** The most files that playlists have named at once. */
  #widestWindow = 0;
  #writtenRevision: number | undefined;

  constructor(options: SegmentFolderOptions, manifest: LiveListing) {
    this.#options = options;
    this.#limits = { ...DEFAULT_SEGMENT_LIMITS, ...options.limits };
    this.#manifest = manifest;
    this.#problems = new Problems(options.tell);
    this.#playlists = new Playlists(options.base);
  }

  /** Where playlists lie: what changes there is worth another look. */
  get playlistFolders(): readonly string[] {
    return this.#playlistFolders;
  }

  /**
   * Looks at the folder, hashes what is new, and writes the manifest when it has changed. What goes wrong is told, and
   * tried again by the next look. An aborted signal ends it early.
   * @param nowMs a clock that only goes forward
   */
  async look(nowMs: number, signal: AbortSignal): Promise<void> {
    const files = await this.#list();
    if (!files) return;
    const names = await this.#playlists.read(files);
    this.#observe(files, names, nowMs);
    const candidates = files.flatMap((file) => this.#candidate(file, names, nowMs) ?? []);
    const { chosen, reached } = chooseSegments(candidates, this.#widestWindow, this.#limits);
    if (reached) this.#tellLimit(reached, "");
    this.#manifest.retain(chosen.map(({ file }) => file));
    for (const candidate of chosen) {
      if (this.#manifest.standing(candidate.file) !== "current") await this.#add(candidate, signal);
      if (signal.aborted) return;
    }
    await this.#write();
  }

  async #list(): Promise<readonly ListedFile[] | undefined> {
    const { directory, exclude = [], output } = this.#options;
    try {
      const { files } = await listFiles({ directory, exclude, omit: output, skipVanished: true });
      this.#problems.settle("folder");
      return files;
    } catch (error) {
      if (!(error instanceof RivuletError)) throw error;
      this.#problems.report("folder", `${error.message} It is tried again until it can be.`);
      return undefined;
    }
  }

  #observe(files: readonly ListedFile[], names: NamedFiles, nowMs: number): void {
    this.#still.observe(files, nowMs);
    this.#widestWindow = Math.max(this.#widestWindow, names.complete.size);
    this.#playlistFolders = [
      ...new Set(files.filter(({ name }) => isPlaylist(name)).map(({ location }) => dirname(location))),
    ];
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.#restless) if (!paths.has(path)) this.#restless.delete(path);
  }

  #candidate(file: ListedFile, names: NamedFiles, nowMs: number): Candidate | undefined {
    const { path, name, sizeBytes } = file;
    if (isPlaylist(name) || names.isKey(path) || isDraft(name)) return undefined;
    if (sizeBytes === 0 || !this.#isWithinLimits(file)) return undefined;
    if (this.#manifest.standing(file) === "changed") this.#restless.add(path);
    const isNamed = names.complete.has(path);
    const isPast = !isNamed && names.awaitsName(path);
    const isStill = this.#still.stillForMs(path, nowMs) >= SETTLE_MS;
    const isComplete = isNamed ? isStill || !this.#restless.has(path) : isStill && !isPast;
    if (!isComplete && !this.#manifest.lists(file)) return undefined;
    return { file, isInit: names.isInit(path), isPast, isComplete };
  }

  #isWithinLimits(file: ListedFile): boolean {
    const broken = limitBrokenBy(file, this.#limits);
    if (broken) this.#tellLimit(broken, file.name);
    return broken === undefined;
  }

  async #add({ file, isComplete }: Candidate, signal: AbortSignal): Promise<void> {
    const hashed = await this.#hash(file, signal);
    if (!hashed || this.#manifest.confirm(file, hashed)) return;
    if (!isComplete) {
      this.#manifest.drop(file.path);
      return;
    }
    this.#restless.delete(file.path);
    if (this.#manifest.add(file, hashed)) return;
    this.#options.tell("The stream's piece numbers are used up: a new stream begins.");
  }

  /** Undefined when the file vanished or changed meanwhile: the next look will see what became of it. */
  async #hash(file: ListedFile, signal: AbortSignal): Promise<Resource | undefined> {
    try {
      return await hashResource({ file, signal, onBytes: () => {} });
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof RivuletError)) throw error;
      if (error.cause !== undefined && !isVanished(error)) this.#problems.report("file", error.message);
      return undefined;
    }
  }

  #tellLimit(limit: LimitName, name: string): void {
    this.#problems.report(limit, limitSentence(limit, this.#limits, name));
  }

  async #write(): Promise<void> {
    const { output } = this.#options;
    const { revision } = this.#manifest;
    // A packager that empties its folder when it starts takes the manifest along.
    const isThere = await stat(output).then(
      () => true,
      () => false,
    );
    if (isThere && revision === this.#writtenRevision) return;
    try {
      await writeAtomically(output, this.#manifest.format());
      this.#writtenRevision = revision;
      this.#problems.settle("output");
    } catch (error) {
      if (!(error instanceof RivuletError)) throw error;
      this.#problems.report("output", `${error.message} It is tried again until it can be.`);
    }
  }
}
