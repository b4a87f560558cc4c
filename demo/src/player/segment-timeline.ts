import type { LiveResource } from "../panel/live.ts";
import type { Palette } from "../panel/palette.ts";
import { describeShares, type Share, sharesOf } from "../panel/split-bar.ts";

/** A segment as the playlist lists it. */
export interface ListedSegment {
  readonly number: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** What was loaded for a segment last: of several renditions, the one that will be seen. */
export interface LoadedSegment {
  readonly number: number;
  readonly url: string;
  readonly rendition: string;
  readonly sizeBytes: number;
}

/** One cell of the strip. */
export interface TimelineCell extends ListedSegment {
  readonly shares: readonly Share[];
  readonly sizeBytes: number;
  /** The rendition where it is another than in the cell before, else "". */
  readonly rendition: string;
  /** All of it in words. */
  readonly label: string;
}

/** Knows of each segment of the playlist where it came from. */
export class SegmentTimeline {
  readonly #folder: string;
  #listed: readonly ListedSegment[] = [];
  readonly #loaded = new Map<number, LoadedSegment>();

  /** `manifestUrl` is absolute; resources are named relative to it. */
  constructor(manifestUrl: string) {
    this.#folder = new URL(".", manifestUrl).href;
  }

  /** The playlist's segments, oldest first; what was known of others is forgotten. */
  list(segments: readonly ListedSegment[]): void {
    this.#listed = segments;
    const numbers = new Set(segments.map(({ number }) => number));
    for (const number of this.#loaded.keys()) if (!numbers.has(number)) this.#loaded.delete(number);
  }

  load(segment: LoadedSegment): void {
    this.#loaded.set(segment.number, segment);
  }

  get startSeconds(): number {
    return this.#listed[0]?.startSeconds ?? 0;
  }

  get endSeconds(): number {
    const last = this.#listed.at(-1);
    return last ? last.startSeconds + last.durationSeconds : 0;
  }

  /** Where a point of the timeline lies, 0 to 1. */
  ratioOf(seconds: number): number {
    const span = this.endSeconds - this.startSeconds;
    return span <= 0 ? 0 : Math.min(1, Math.max(0, (seconds - this.startSeconds) / span));
  }

  secondsAt(ratio: number): number {
    return this.startSeconds + ratio * (this.endSeconds - this.startSeconds);
  }

  cells(resources: readonly LiveResource[], palette: Palette): TimelineCell[] {
    const byPath = new Map(resources.map((resource) => [resource.path, resource]));
    let before = "";
    return this.#listed.map((listed, index) => {
      const loaded = this.#loaded.get(listed.number);
      if (!loaded) {
        return { ...listed, shares: [], sizeBytes: 0, rendition: "", label: `Segment ${index + 1}: not yet` };
      }
      // What no manifest lists is the page's own fetch: the origin's.
      const resource = byPath.get(this.#pathOf(loaded.url)) ?? fromOrigin(loaded);
      const rendition = loaded.rendition === before ? "" : loaded.rendition;
      before = loaded.rendition;
      const name = loaded.rendition === "" ? "" : ` in ${loaded.rendition}`;
      return {
        ...listed,
        shares: sharesOf(resource, palette),
        sizeBytes: resource.sizeBytes,
        rendition,
        label: `Segment ${index + 1}${name}: ${describeShares(resource)}`,
      };
    });
  }

  #pathOf(url: string): string {
    return url.startsWith(this.#folder) ? url.slice(this.#folder.length).replace(/[?#].*$/s, "") : url;
  }
}

function fromOrigin({ url, sizeBytes }: LoadedSegment): LiveResource {
  return { path: url, sizeBytes, originBytes: sizeBytes, peerBytes: 0, storeBytes: 0, peers: {} };
}
