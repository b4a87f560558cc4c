/** What an HLS playlist says about files, each as the URI that it writes. */
export interface HlsNames {
  /** Media segments that are complete: packagers name no other (RFC 8216 §6.2.1). */
  readonly segments: readonly string[];
  /** What EXT-X-MAP names: media initialization sections, needed for as long as the stream goes on. */
  readonly inits: readonly string[];
  /** Parts, and files that still grow: they will be complete once they are named as segments. */
  readonly unfinished: readonly string[];
  readonly keys: readonly string[];
}

/** Reads an HLS playlist; undefined when the text is not one, or is only about to be written. */
export function readHlsPlaylist(text: string): HlsNames | undefined {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.trim());
  if (lines[0] !== "#EXTM3U") return undefined;
  const segments: string[] = [];
  const inits: string[] = [];
  const unfinished: string[] = [];
  const keys: string[] = [];
  // A file that is named by byte ranges grows until the stream ends: its hashes would never hold for long.
  const ranged = lines.includes("#EXT-X-ENDLIST") ? segments : unfinished;
  let next: string[] | undefined;
  for (const line of lines) {
    const [tag = "", attributes = ""] = line.split(/:(.*)/, 2);
    switch (tag) {
      case "#EXTINF":
        next ??= segments;
        break;
      case "#EXT-X-BYTERANGE":
        next = ranged;
        break;
      case "#EXT-X-MAP":
        (/(^|,)BYTERANGE=/.test(attributes) ? ranged : inits).push(...uriOf(attributes));
        break;
      case "#EXT-X-KEY":
      case "#EXT-X-SESSION-KEY":
        keys.push(...uriOf(attributes));
        break;
      case "#EXT-X-PART":
      case "#EXT-X-PRELOAD-HINT":
        unfinished.push(...uriOf(attributes));
        break;
      default:
        if (line === "" || line.startsWith("#")) break;
        // Without EXTINF it is another playlist, in a multivariant one.
        next?.push(line);
        next = undefined;
    }
  }
  return { segments, inits, unfinished, keys };
}

function uriOf(attributes: string): string[] {
  const uri = /(?:^|,)URI="([^"]+)"/.exec(attributes)?.[1];
  return uri === undefined ? [] : [uri];
}
