import { type AllowedOrigins, listedPath, quoted } from "./allowed-origins.ts";
import { type Failure, failed } from "./failure.ts";

/** What a manifest is asked for: files of one origin, or a stream by its playlist. */
export type ManifestRequest =
  | {
      readonly type: "files";
      readonly origin: string;
      /** In ascending order of their paths, each once: whoever asks for the same files gets the same bytes. */
      readonly files: readonly ListedUrl[];
    }
  | { readonly type: "stream"; readonly url: URL };

export interface ListedUrl {
  readonly url: URL;
  /** Where it is in the manifest, relative to its origin. */
  readonly path: string;
}

/** Reads the query of a request for a manifest: `url=…&url=…`. */
export function readManifestRequest(
  query: URLSearchParams,
  allowed: { readonly origins: AllowedOrigins; readonly maxUrls: number },
): ManifestRequest | Failure {
  const texts = [...new Set(query.getAll("url"))];
  if (texts.length === 0) return failed("url-missing", "Name what the manifest is for: ?url=URL.");
  if (texts.length > allowed.maxUrls)
    return failed("too-many-urls", `A request may name ${allowed.maxUrls} URLs, not ${texts.length}.`);
  const files = new Map<string, ListedUrl>();
  let playlist: URL | undefined;
  let origin: string | undefined;
  for (const text of texts) {
    const read = allowed.origins.read(text);
    if (read.type === "failed") return read;
    const { url } = read;
    if (/\.mpd$/i.test(url.pathname))
      return failed("playlist-unsupported", `${quoted(text)}: of streams, only HLS (.m3u8) is followed.`);
    if (/\.m3u8?$/i.test(url.pathname)) playlist = url;
    const path = listedPath(url);
    if (path === undefined)
      return failed(
        "url-malformed",
        `${quoted(text)} cannot be listed: name a file, without "//" before it.`,
      );
    origin ??= url.origin;
    if (url.origin !== origin)
      return failed("several-origins", `A manifest is for one origin: ${origin} or ${url.origin}, not both.`);
    files.set(path, { url, path });
  }
  if (playlist !== undefined)
    return files.size === 1
      ? { type: "stream", url: playlist }
      : failed("playlist-not-alone", "A playlist has a manifest of its own: name nothing else with it.");
  // By code unit, not by locale: the manifest must not depend on who builds it.
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { type: "files", origin: origin ?? "", files: sorted };
}
