import { minute, second } from "@rivulet/sdk/protocol";
import type { ByteLru } from "./byte-lru.ts";
import { type Failure, failed } from "./failure.ts";
import { FetchSlots } from "./fetch-slots.ts";
import type { FileManifests, FileRequest, Served } from "./file-manifests.ts";
import { FollowedStreams, type FollowedStreamsParts } from "./followed-streams.ts";
import { LiveFollower } from "./live-follower.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { MediaPlaylist } from "./playlist-reader.ts";
import { mainOrigin, onOrigin, segmentsOf } from "./segments.ts";

/** What a playlist was when it was last read: the files of an ended stream, or why it could not be read. */
export interface KnownStream {
  readonly found: FileRequest | Failure;
  readonly freshUntilMs: number;
}

export interface StreamParts extends FollowedStreamsParts {
  readonly files: Pick<FileManifests, "costOf" | "manifestOf">;
  readonly known: ByteLru<KnownStream>;
  readonly options: FollowedStreamsParts["options"] &
    Pick<ManifestOptions, "manifestMaxAgeMs" | "manifestMaxSegments">;
}

const RETRY_MS = 10 * second;
/** A segment does not change once it is named (RFC 8216 §6.2.1), and a film has many. */
const SEGMENT_MAX_AGE_MS = 60 * minute;
/** What a stream that nobody has asked for yet counts as, in fetches. */
const NEW_STREAM_COST = 10;
/** Whole films that are hashed at a time: each takes long, and as much of the origin's line. */
const FILMS = { concurrent: 2, queued: 16 };
const FILE_BYTES = 512;

/** Makes the manifests of streams: follows those that are live, and lists all of those that have ended. */
export class StreamManifests {
  readonly #parts: StreamParts;
  readonly #live: FollowedStreams;
  readonly #opening = new Map<string, Promise<Served | Failure>>();
  readonly #films = new FetchSlots(FILMS);

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#live = new FollowedStreams(parts);
  }

  /** Live media playlists that are known. */
  get playlists(): number {
    return this.#live.playlists;
  }

  /** How many fetches a request counts as. */
  costOf(url: URL): number {
    const isKnown = this.#live.has(url) || this.#opening.has(url.href) || this.#fresh(url);
    return isKnown ? 0 : NEW_STREAM_COST;
  }

  /** `address`: who asks. */
  async manifestOf(url: URL, address: string): Promise<Served | Failure> {
    const follower = this.#live.get(url);
    if (follower) return follower.manifest();
    const opening = this.#opening.get(url.href) ?? this.#open(url, address);
    this.#opening.set(url.href, opening);
    try {
      return await opening;
    } finally {
      this.#opening.delete(url.href);
    }
  }

  close(): void {
    this.#live.close();
  }

  #fresh(url: URL): FileRequest | Failure | undefined {
    const known = this.#parts.known.get(url.href);
    return known && this.#parts.clock.now() < known.freshUntilMs ? known.found : undefined;
  }

  async #open(url: URL, address: string): Promise<Served | Failure> {
    const found = this.#fresh(url) ?? (await this.#read(url, address));
    if (found instanceof LiveFollower) return found.manifest();
    if (found.type === "failed") return found;
    const { files } = this.#parts;
    const list = () => files.manifestOf(found, SEGMENT_MAX_AGE_MS);
    if (files.costOf(found, SEGMENT_MAX_AGE_MS) === 0) return list();
    return (
      (await this.#films.run(list)) ??
      failed("too-many-fetches", "Too many films wait to be hashed; try again later.")
    );
  }

  async #read(url: URL, address: string): Promise<LiveFollower | FileRequest | Failure> {
    const read = await this.#parts.reader.readStream(url);
    if (read.type === "failed") return this.#remember(url, read, RETRY_MS);
    if (read.media.some(({ playlist }) => !playlist.isEnded)) return this.#live.follow(url, read, address);
    const request = this.#filesOf(url, read.media);
    return this.#remember(
      url,
      request,
      request.type === "failed" ? RETRY_MS : this.#parts.options.manifestMaxAgeMs,
    );
  }

  #remember<Found extends FileRequest | Failure>(url: URL, found: Found, freshForMs: number): Found {
    const bytes = found.type === "failed" ? FILE_BYTES : found.files.length * FILE_BYTES;
    this.#parts.known.set(url.href, { found, freshUntilMs: this.#parts.clock.now() + freshForMs }, bytes);
    return found;
  }

  /** Everything that the playlists of an ended stream name. */
  #filesOf(url: URL, media: readonly MediaPlaylist[]): FileRequest | Failure {
    const { origins, options } = this.#parts;
    const named = media.map((one) => segmentsOf(one, origins));
    const origin = mainOrigin(named) ?? url.origin;
    const there = named
      .map((one) => onOrigin(one, origin))
      .flatMap(({ inits, segments }) => [...inits, ...segments]);
    const byPath = new Map(there.map((segment) => [segment.path, segment]));
    if (byPath.size > options.manifestMaxSegments)
      return failed(
        "too-many-segments",
        `The stream has ${byPath.size} segments, a manifest may list ${options.manifestMaxSegments}.`,
      );
    return { type: "files", origin, files: [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
  }
}
