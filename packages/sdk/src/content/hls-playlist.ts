import { second } from "../base/time.ts";

/** What an HLS playlist says, with each file as the URI that it writes. */
export interface HlsPlaylist {
  /** Media segments that are complete: packagers name no other (RFC 8216 §6.2.1). */
  readonly segments: readonly string[];
  /** What EXT-X-MAP names: media initialization sections, needed for as long as the stream goes on. */
  readonly inits: readonly string[];
  /** Parts, and files that still grow: they will be complete once they are named as segments. */
  readonly unfinished: readonly string[];
  readonly keys: readonly string[];
  /** The media playlists of a multivariant one; of those for fast forward, nothing is said. */
  readonly playlists: readonly string[];
  /** The longest that a segment lasts, ms; undefined in a multivariant playlist. */
  readonly targetDurationMs: number | undefined;
  /** True when nothing will be added any more. */
  readonly isEnded: boolean;
}

/** Reads an HLS playlist; undefined when the text is not one, or is only about to be written. */
export function readHlsPlaylist(text: string): HlsPlaylist | undefined {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.trim());
  if (lines[0] !== "#EXTM3U") return undefined;
  const segments: string[] = [];
  const inits: string[] = [];
  const unfinished: string[] = [];
  const keys: string[] = [];
  const playlists: string[] = [];
  let targetDurationMs: number | undefined;
  // A file that is named by byte ranges grows until the stream ends: its hashes would never hold for long.
  const isEnded = lines.includes("#EXT-X-ENDLIST");
  const ranged = isEnded ? segments : unfinished;
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
      case "#EXT-X-STREAM-INF":
        next = playlists;
        break;
      case "#EXT-X-MEDIA":
        playlists.push(...uriOf(attributes));
        break;
      case "#EXT-X-TARGETDURATION":
        targetDurationMs = durationOf(attributes) ?? targetDurationMs;
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
        next?.push(line);
        next = undefined;
    }
  }
  return { segments, inits, unfinished, keys, playlists, targetDurationMs, isEnded };
}

/** Whole seconds (RFC 8216 §4.3.3.1), which some packagers write with a fraction. */
function durationOf(text: string): number | undefined {
  return /^\d{1,6}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) * second : undefined;
}

function uriOf(attributes: string): string[] {
  const uri = /(?:^|,)URI="([^"]+)"/.exec(attributes)?.[1];
  return uri === undefined ? [] : [uri];
}
