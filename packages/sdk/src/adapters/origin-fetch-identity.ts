import { contentEncoding } from "./origin-fetch-headers.ts";

/** By what a later answer is known to be of the same bytes as an earlier one: its tag, its date, its length. */
type Identity = ReadonlyMap<string, string | number>;

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
    const encoding = contentEncoding(headers);
    const met = new Map<string, string | number>();
    const note = (what: string, is: string | number | null | undefined) => {
      if (is !== null && is !== undefined) met.set(what, is);
    };
    note(encoding ? `${encoding} ETag` : "ETag", headers.get("etag"));
    note("date", headers.get("last-modified"));
    note("length", totalBytes);
    const known = this.#identities.get(url) ?? new Map();
    const differing = [...met].find(([what, is]) => is !== (known.get(what) ?? is));
    this.#identities.delete(url);
    // What the newer answer does not say still holds.
    this.#identities.set(url, differing ? met : new Map([...known, ...met]));
    forgetOldest(this.#identities);
    return differing && `its ${differing[0]} was ${known.get(differing[0])} and is ${differing[1]}`;
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
