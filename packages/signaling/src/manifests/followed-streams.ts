import { type Failure, failed } from "./failure.ts";
import { LiveFollower, type LiveParts } from "./live-follower.ts";
import type { ManifestOptions } from "./manifest-options.ts";
import type { StreamPlaylists } from "./playlist-reader.ts";

export interface FollowedStreamsParts extends LiveParts {
  readonly options: LiveParts["options"] &
    Pick<ManifestOptions, "manifestMaxPlaylists" | "manifestMaxPlaylistsPerAddress">;
}

interface Followed {
  readonly follower: LiveFollower;
  /** Who asked for it first. */
  readonly address: string;
}

/** The live streams that are known, each by its URL. Their places are few: who has asked for many gets no more. */
export class FollowedStreams {
  readonly #parts: FollowedStreamsParts;
  readonly #streams = new Map<string, Followed>();

  constructor(parts: FollowedStreamsParts) {
    this.#parts = parts;
  }

  /** Media playlists of them all. */
  get playlists(): number {
    return this.#playlistsOf(() => true);
  }

  has(url: URL): boolean {
    return this.#streams.has(url.href);
  }

  get(url: URL): LiveFollower | undefined {
    const follower = this.#streams.get(url.href)?.follower;
    return follower?.isClosed ? undefined : follower;
  }

  /** Begins to follow a stream for somebody; those that nobody asks for any more make room. */
  follow(url: URL, found: StreamPlaylists, address: string): LiveFollower | Failure {
    const { manifestMaxPlaylists: most, manifestMaxPlaylistsPerAddress: mostOfOne } = this.#parts.options;
    const more = found.urls.length;
    const own = this.#playlistsOf((followed) => followed.address === address && !followed.follower.isIdle);
    if (own + more > mostOfOne) {
      const message = `Your address has live playlists followed already, of ${mostOfOne} at most; try again later.`;
      return failed("too-many-playlists-from-address", message);
    }
    this.#makeRoom(most - more);
    if (this.playlists + more > most)
      return failed("too-many-playlists", `${most} live playlists are followed already; try again later.`);
    const follower = new LiveFollower(this.#parts, url, found);
    this.#streams.set(url.href, { follower, address });
    return follower;
  }

  close(): void {
    for (const { follower } of this.#streams.values()) follower.close();
    this.#streams.clear();
  }

  #makeRoom(left: number): void {
    for (const [href, { follower }] of this.#streams) {
      if (this.playlists <= left) return;
      if (!follower.isIdle) continue;
      follower.close();
      this.#streams.delete(href);
    }
  }

  #playlistsOf(counts: (followed: Followed) => boolean): number {
    let playlists = 0;
    for (const followed of this.#streams.values())
      if (counts(followed)) playlists += followed.follower.playlists;
    return playlists;
  }
}
