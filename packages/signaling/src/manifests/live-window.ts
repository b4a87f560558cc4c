import type { NamedSegments, Segment } from "./segments.ts";

/** The stretch of one live playlist that is listed: its newest segments, and as many that it has left as there is room for. */
export class LiveWindow {
  readonly #size: number;
  #inits: readonly Segment[] = [];
  /** The oldest first. */
  #segments: readonly Segment[] = [];

  /** `size`: segments, at most; initialization sections come on top. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Takes in what the playlist names now; true when something is new. */
  slide({ inits, segments }: NamedSegments): boolean {
    const before = new Set(this.wanted.map(({ path }) => path));
    const byPath = new Map(segments.map((segment) => [segment.path, segment]));
    const lastKnown = segments.map(({ path }) => before.has(path)).lastIndexOf(true);
    // Only what comes after it is new: older ones were let go before.
    const fresh = segments.slice(lastKnown + 1);
    // Fetched by the URL of now, whose signature is still good.
    const known = this.#segments.map((segment) => byPath.get(segment.path) ?? segment);
    this.#segments = [...known, ...fresh].slice(-this.#size);
    this.#inits = inits;
    return this.wanted.some(({ path }) => !before.has(path));
  }

  /** The newest first, as players begin there; what every segment needs before all. */
  get wanted(): readonly Segment[] {
    return [...this.#inits, ...[...this.#segments].reverse()];
  }
}
