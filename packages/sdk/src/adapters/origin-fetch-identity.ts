import { contentEncoding } from "./origin-fetch-headers.ts";

/** By what a later answer is known to be of the same bytes as an earlier one. */
interface Identity {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly totalBytes: number | undefined;
  readonly encoding: string | undefined;
}

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
    const known = this.#identities.get(url);
    const met: Identity = {
      etag: headers.get("etag") ?? undefined,
      lastModified: headers.get("last-modified") ?? undefined,
      totalBytes,
      encoding: contentEncoding(headers),
    };
    const difference = known && differenceOf(known, met);
    const kept = known && difference === undefined ? merged(known, met) : met;
    this.#identities.delete(url);
    this.#identities.set(url, kept);
    forgetOldest(this.#identities);
    return difference;
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

function differenceOf(known: Identity, met: Identity): string | undefined {
  // Servers name the compressed form of a resource differently: only like is compared with like. A weak tag is compared
  // as it stands; whether bytes are equal, its author does not promise, and the piece hashes decide anyway.
  const parts = [
    ["ETag", known.encoding === met.encoding ? known.etag : undefined, met.etag],
    ["date", known.lastModified, met.lastModified],
    ["length", known.totalBytes, met.totalBytes],
  ];
  for (const [what, was, is] of parts)
    if (was !== undefined && is !== undefined && was !== is) return `its ${what} was ${was} and is ${is}`;
  return undefined;
}

/** What the newer answer does not say still holds, except its tag, which belongs to its encoding. */
function merged(known: Identity, met: Identity): Identity {
  return {
    etag: met.etag ?? (known.encoding === met.encoding ? known.etag : undefined),
    lastModified: met.lastModified ?? known.lastModified,
    totalBytes: met.totalBytes ?? known.totalBytes,
    encoding: met.encoding,
  };
}

function forgetOldest(items: Map<string, unknown> | Set<string>): void {
  if (items.size <= MAX_RESOURCES) return;
  for (const oldest of items.keys()) {
    items.delete(oldest);
    return;
  }
}
