import { equalBytes, toBase64Url } from "../base/bytes.ts";
import { MAX_STREAM_PIECES, STREAM_ID_BYTES } from "./live-stream.ts";
import { formatManifest, type Manifest, pieceCount, type Resource } from "./manifest.ts";

/** A file as whoever lists it sees it before it is hashed. */
export interface SegmentFile {
  /** As in the manifest. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Differs once the file was written to or replaced. */
  readonly fingerprint: string;
}

interface Entry {
  readonly resource: Resource & { readonly firstPiece: number };
  /** The file's, as it was hashed; undefined: an earlier run listed it, and nobody compared it since. */
  readonly fingerprint: string | undefined;
}

/** The manifest of a stream that goes on. It gives each segment piece numbers that no other ever had in the stream. */
export class LiveListing {
  readonly #base: string | undefined;
  readonly #randomBytes: RandomBytes;
  #stream: string;
  #nextPiece: number;
  #revision = 0;
  /** By path. */
  readonly #entries = new Map<string, Entry>();

  constructor(parts: {
    readonly base?: string | undefined;
    /** The manifest of an earlier run, when there is one: its stream goes on. */
    readonly continued?: Manifest | undefined;
    /** Names streams: from a source that nobody can guess. */
    readonly randomBytes: RandomBytes;
  }) {
    const { base, continued, randomBytes } = parts;
    this.#base = base;
    this.#randomBytes = randomBytes;
    this.#stream = continued?.live?.stream ?? this.#newStream();
    this.#nextPiece = continued?.live?.nextPiece ?? 0;
    for (const resource of continued?.resources ?? []) {
      const { firstPiece = 0 } = resource;
      this.#entries.set(resource.path, { resource: { ...resource, firstPiece }, fingerprint: undefined });
      this.#nextPiece = Math.max(this.#nextPiece, firstPiece + pieceCount(resource));
    }
  }

  get stream(): string {
    return this.#stream;
  }

  /** Another number once `format` gives another text. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * What is known of a file: `current` is listed as it is now, `changed` as it was before it was written to, and
   * `unconfirmed` as an earlier run found it.
   */
  standing(file: SegmentFile): "current" | "changed" | "unconfirmed" | "unknown" {
    const entry = this.#entries.get(file.path);
    if (!entry) return "unknown";
    if (entry.fingerprint === undefined)
      return entry.resource.sizeBytes === file.sizeBytes ? "unconfirmed" : "unknown";
    return entry.fingerprint === file.fingerprint ? "current" : "changed";
  }

  /** True for a file that is listed and, as far as is known, has not changed since. */
  lists(file: SegmentFile): boolean {
    const standing = this.standing(file);
    return standing === "current" || standing === "unconfirmed";
  }

  /** Lists only these from now on, and of these only what has not changed. */
  retain(files: readonly SegmentFile[]): void {
    const kept = new Set(files.filter((file) => this.lists(file)).map(({ path }) => path));
    for (const path of this.#entries.keys()) if (!kept.has(path)) this.drop(path);
  }

  drop(path: string): void {
    if (this.#entries.delete(path)) this.#revision++;
  }

  /** True when an earlier run listed the file with the same bytes: it keeps its numbers. */
  confirm(file: SegmentFile, hashed: Resource): boolean {
    const entry = this.#entries.get(file.path);
    if (!entry || !equalBytes(entry.resource.hashes, hashed.hashes)) return false;
    const { firstPiece } = entry.resource;
    this.#entries.set(file.path, { resource: { ...hashed, firstPiece }, fingerprint: file.fingerprint });
    return true;
  }

  /** Lists a file under the next numbers. Returns false when they ran out and a new stream had to begin. */
  add(file: SegmentFile, hashed: Resource): boolean {
    this.drop(file.path);
    const goesOn = this.#nextPiece + pieceCount(hashed) <= MAX_STREAM_PIECES;
    if (!goesOn) this.#beginStream();
    this.#append(hashed, file.fingerprint);
    return goesOn;
  }

  format(): string {
    const entries = [...this.#entries.values()];
    const resources = entries.map(({ resource }) => resource).sort((a, b) => a.firstPiece - b.firstPiece);
    const live = { stream: this.#stream, nextPiece: this.#nextPiece };
    return formatManifest({ base: this.#base, live, resources });
  }

  #beginStream(): void {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    this.#stream = this.#newStream();
    this.#nextPiece = 0;
    for (const { resource, fingerprint } of entries) this.#append(resource, fingerprint);
  }

  #newStream(): string {
    return toBase64Url(this.#randomBytes(STREAM_ID_BYTES));
  }

  #append(resource: Resource, fingerprint: string | undefined): void {
    this.#revision++;
    const firstPiece = this.#nextPiece;
    this.#nextPiece += pieceCount(resource);
    this.#entries.set(resource.path, { resource: { ...resource, firstPiece }, fingerprint });
  }
}

type RandomBytes = (length: number) => Uint8Array;
