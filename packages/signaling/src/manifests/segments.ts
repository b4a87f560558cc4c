import { normalizePath } from "@rivulet/sdk/content";
import { type AllowedOrigins, listedPath } from "./allowed-origins.ts";
import type { MediaPlaylist } from "./playlist-reader.ts";

/** A media segment, or an initialization section, as a playlist names it. */
export interface Segment {
  /** By what it is fetched, with the query that the playlist has for it. */
  readonly url: URL;
  /** By what it is listed, relative to its origin. */
  readonly path: string;
}

export interface NamedSegments {
  /** Needed for as long as the stream goes on. */
  readonly inits: readonly Segment[];
  /** The oldest first. */
  readonly segments: readonly Segment[];
}

/**
 * What a media playlist names that a manifest may list: complete files of allowed origins. Playlists themselves change,
 * and keys are secrets: both stay the origin's.
 */
export function segmentsOf({ playlist, foundAt }: MediaPlaylist, origins: AllowedOrigins): NamedSegments {
  const urlsOf = (uris: readonly string[]): URL[] =>
    uris.flatMap((uri) => {
      const read = origins.read(uri, foundAt);
      return read.type === "allowed" ? [read.url] : [];
    });
  const keys = new Set(urlsOf(playlist.keys).map(withoutQuery));
  const isListed = (url: URL) => !keys.has(withoutQuery(url));
  const inits = urlsOf(playlist.inits).filter(isListed);
  const segments = urlsOf(playlist.segments).filter(isListed);
  const toSegment = naming([...inits, ...segments]);
  return { inits: once(inits.flatMap(toSegment)), segments: once(segments.flatMap(toSegment)) };
}

/**
 * How segments are listed. The query is a signature as a rule, another one with each reading: it is left out, and
 * players find the segment all the same. Where it tells segments apart, it stays.
 */
function naming(urls: readonly URL[]): (url: URL) => readonly Segment[] {
  const queries = new Map<string, string>();
  const told = new Set<string>();
  for (const url of urls) {
    const name = withoutQuery(url);
    const query = queries.get(name);
    if (query !== undefined && query !== url.search) told.add(name);
    queries.set(name, url.search);
  }
  return (url) => {
    const listed = new URL(url);
    listed.pathname = normalizePath(url.pathname);
    if (!told.has(withoutQuery(url))) listed.search = "";
    const path = listedPath(listed);
    return path === undefined ? [] : [{ url, path }];
  };
}

function withoutQuery({ origin, pathname }: URL): string {
  return origin + pathname;
}

function once(segments: readonly Segment[]): readonly Segment[] {
  return [...new Map(segments.map((segment) => [segment.url.origin + segment.path, segment])).values()];
}

/** The origin of most of them that come first; a manifest has one, and what lies elsewhere is left to its origin. */
export function mainOrigin(named: readonly NamedSegments[]): string | undefined {
  const [first] = named.flatMap(({ inits, segments }) => [...segments.slice(-1), ...inits]);
  return first?.url.origin;
}

/** What of these lies on one origin. */
export function onOrigin({ inits, segments }: NamedSegments, origin: string): NamedSegments {
  const isThere = ({ url }: Segment) => url.origin === origin;
  return { inits: inits.filter(isThere), segments: segments.filter(isThere) };
}
