import { second } from "../base/time.ts";
import type { Catalog } from "./catalog.ts";
import { LiveManifest } from "./live-manifest.ts";
import type { CheckedOptions } from "./options.ts";
import type { Playback } from "./playback.ts";

/** So much of the time until playback needs a segment may pass until a live manifest lists it. */
const LOOK_SHARE = 1 / 4;
const LONGEST_LOOK_MS = 1.5 * second;

/** Found, but not ours to bring: no later manifest changes that. */
const LEFT = -1;

/** What a request brings besides its URL and its range. */
export interface Asked {
  readonly signal: AbortSignal | undefined;
  readonly playback: Playback | undefined;
}

/** Which resource a URL names. */
export class Lookup {
  readonly #catalog: Catalog;
  readonly #live: LiveManifest | undefined;
  readonly #mediaQuery: CheckedOptions["mediaQuery"];
  readonly #now: () => number;

  constructor(
    parts: Omit<ConstructorParameters<typeof LiveManifest>[0], "find"> & Pick<CheckedOptions, "mediaQuery">,
  ) {
    this.#catalog = parts.catalog;
    this.#mediaQuery = parts.mediaQuery;
    this.#now = parts.now;
    if (parts.catalog.geometry.live)
      this.#live = new LiveManifest({
        ...parts,
        find: (url) => (parts.catalog.leaves(url) ? LEFT : this.#media(url)),
      });
  }

  /** Media of a live stream is found in a later manifest, too, if it can wait for that. */
  async find(url: string, { signal, playback }: Asked): Promise<number | undefined> {
    if (!playback) return this.#catalog.find(url);
    if (!this.#live) return this.#media(url);
    const lookMs = Math.min(LONGEST_LOOK_MS, playback.dueInMs * LOOK_SHARE);
    const found = await this.#live.find(url, this.#now() + lookMs, signal);
    return found === LEFT ? undefined : found;
  }

  #media(url: string): number | undefined {
    return this.#mediaQuery === "match" ? this.#catalog.find(url) : this.#catalog.findPath(url);
  }
}
