import { contentEncoding } from "./origin-fetch-headers.ts";

/** By what a later answer is known to be of the same bytes as an earlier one; undefined where it does not say. */
const PARTS = ["ETag", "date", "length"];
type Identity = readonly (string | number | undefined)[];

/** A live stream has no end of URLs; the ones not met for longest are forgotten. */
const MAX_RESOURCES = 4096;

/** What each URL's answers said about themselves. */
export class KnownResources {
  readonly #identities = new Map<string, Identity>();
  readonly #wholeOnly = new Set<string>();

  /**
   * Compares an answer with what is known and remembers it. Returns what differs, if anything; the answer then takes the
   * place of what was known, because whoever comes with a fresh manifest is to find the fresh resource.
   */
  meet(url: string, headers: Headers, totalBytes: number | undefined): string | undefined {
    // Servers name the compressed form of a resource differently: only like is compared with like. A weak tag is compared
    // as it stands; whether bytes are equal, its author does not promise, and the piece hashes decide anyway.
    const key = `${contentEncoding(headers)} ${url}`;
    const known = this.#identities.get(key) ?? [];
    const met = [headers.get("etag") ?? undefined, headers.get("last-modified") ?? undefined, totalBytes];
    const at = met.findIndex((is, i) => is !== undefined && known[i] !== undefined && is !== known[i]);
    this.#identities.delete(key);
    // What the newer answer does not say still holds.
    this.#identities.set(key, at < 0 ? met.map((is, i) => is ?? known[i]) : met);
    forgetOldest(this.#identities);
    return at < 0 ? undefined : `its ${PARTS[at]} was ${known[at]} and is ${met[at]}`;
  }

  /** Its ranges are not of the bytes that a page would see: from now on it is asked for as a whole. */
  rangesAreUseless(url: string): void {
    this.#wholeOnly.add(url);
    forgetOldest(this.#wholeOnly);
  }

  mayAskRanges(url: string): boolean {
    return !this.#wholeOnly.has(url);
  }
}

function forgetOldest(items: Map<string, unknown> | Set<string>): void {
  if (items.size <= MAX_RESOURCES) return;
  for (const oldest of items.keys()) {
    items.delete(oldest);
    return;
  }
}
