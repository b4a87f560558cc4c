import { LiveListing } from "@rivulet/sdk/content";
import type { AllowedOrigins } from "./allowed-origins.ts";
import { resourceAt } from "./listed-resources.ts";
import { LiveWindow } from "./live-window.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { MediaPlaylist } from "./playlist-reader.ts";
import type { ResourceDigests } from "./resource-digests.ts";
import { mainOrigin, onOrigin, type Segment, segmentsOf } from "./segments.ts";

export interface LiveSegmentsParts {
  readonly digests: Pick<ResourceDigests, "digestOf">;
  readonly origins: AllowedOrigins;
  /** Names streams. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly options: Pick<ManifestOptions, "manifestLiveSegments" | "manifestMaxAgeMs">;
}

/** What the manifest of one live stream lists: the windows of its playlists, as far as they are hashed. */
export class LiveSegments {
  readonly #parts: LiveSegmentsParts;
  readonly #base: string;
  readonly #listing: LiveListing;
  /** By the playlist's URL. */
  readonly #windows = new Map<string, LiveWindow>();
  readonly #hashing = new Set<string>();

  /** `media`: the stream's playlists, which tell where its segments lie. */
  constructor(parts: LiveSegmentsParts, media: readonly MediaPlaylist[]) {
    this.#parts = parts;
    const named = media.map((one) => segmentsOf(one, parts.origins));
    this.#base = mainOrigin(named) ?? media[0]?.url.origin ?? "";
    this.#listing = new LiveListing({ base: `${this.#base}/`, randomBytes: parts.randomBytes });
  }

  /** Another number once `format` gives another text. */
  get revision(): number {
    return this.#listing.revision;
  }

  /** True while segments are being fetched. */
  get isHashing(): boolean {
    return this.#hashing.size > 0;
  }

  /** Of now. */
  format(): string {
    return this.#listing.format();
  }

  /** Forgets the playlists that are not among these. */
  keepOnly(urls: readonly URL[]): void {
    const named = new Set(urls.map(({ href }) => href));
    for (const href of this.#windows.keys()) if (!named.has(href)) this.#windows.delete(href);
  }

  /** Takes in what playlists name now; true when something is new. */
  slide(media: readonly MediaPlaylist[]): boolean {
    const { origins, options } = this.#parts;
    let isChanged = false;
    for (const one of media) {
      const { href } = one.url;
      const window = this.#windows.get(href) ?? new LiveWindow(options.manifestLiveSegments);
      this.#windows.set(href, window);
      isChanged = window.slide(onOrigin(segmentsOf(one, origins), this.#base)) || isChanged;
    }
    return isChanged;
  }

  /**
   * Lists only what is wanted now, and gets what is not listed yet. What cannot be had comes from the origin, and is
   * tried again by the next call. Each promise resolves once one more is hashed, or could not be.
   */
  list(): readonly Promise<void>[] {
    const wanted = this.#wanted();
    this.#listing.retain([...wanted.keys()].map(fileOf));
    const missing = [...wanted.values()].filter(
      ({ path }) => !this.#listing.lists(fileOf(path)) && !this.#hashing.has(path),
    );
    return missing.map((segment) => this.#add(segment));
  }

  /** The newest of all playlists first: players begin there. */
  #wanted(): ReadonlyMap<string, Segment> {
    const newestFirst = [...this.#windows.values()].map(({ wanted }) => wanted);
    const longest = Math.max(0, ...newestFirst.map(({ length }) => length));
    const wanted = new Map<string, Segment>();
    for (let age = 0; age < longest; age++)
      for (const segments of newestFirst) {
        const segment = segments[age];
        if (segment) wanted.set(segment.path, segment);
      }
    return wanted;
  }

  async #add({ url, path }: Segment): Promise<void> {
    this.#hashing.add(path);
    const { digests, options } = this.#parts;
    // Not from long ago: a packager that starts anew gives its segments names that there were before.
    const found = await digests.digestOf(url, { maxAgeMs: options.manifestMaxAgeMs, isUrgent: true });
    this.#hashing.delete(path);
    if (found.type === "digested" && found.digest.sizeBytes > 0 && this.#wanted().has(path))
      this.#listing.add(fileOf(path), resourceAt(path, found));
  }
}

/** Of a file that does not change, nothing but its name is compared. */
function fileOf(path: string) {
  return { path, sizeBytes: 0, fingerprint: "" };
}
