import { MIB } from "../../base/bytes.ts";
import { MAX_MANIFEST_BYTES, MAX_PATH_LENGTH, MAX_PIECES } from "../../content/limits.ts";
import { formatBytes } from "../format-bytes.ts";
import type { ListedFile } from "../list-files.ts";
import type { ListLimits } from "./choose-segments.ts";

export interface SegmentLimits extends ListLimits {
  /** Characters of a percent-encoded path. */
  readonly pathLength: number;
  /** A bigger file is no segment: hashing it would keep the others waiting. */
  readonly segmentBytes: number;
}

/** All but the first and the last are what a manifest's readers accept. Each viewer fetches it again and again: `keep`. */
export const DEFAULT_SEGMENT_LIMITS: SegmentLimits = {
  keep: 64,
  pieces: MAX_PIECES,
  manifestBytes: MAX_MANIFEST_BYTES,
  pathLength: MAX_PATH_LENGTH,
  segmentBytes: 256 * MIB,
};

export type LimitName = keyof SegmentLimits;

/** The limit for a single file that this one is over, if it is. */
export function limitBrokenBy({ path, sizeBytes }: ListedFile, limits: SegmentLimits): LimitName | undefined {
  if (path.length > limits.pathLength) return "pathLength";
  return sizeBytes > limits.segmentBytes ? "segmentBytes" : undefined;
}

/** What becomes of what is over a limit, for the person who runs this. `name` is that of the file, if it is one. */
export function limitSentence(limit: LimitName, limits: SegmentLimits, name: string): string {
  const rest = "it lists the newest, the origin serves the others.";
  switch (limit) {
    case "keep":
      return `The manifest has reached ${limits.keep} files (--keep): ${rest}`;
    case "pieces":
      return `The manifest has reached ${limits.pieces} pieces: ${rest}`;
    case "manifestBytes":
      return `The manifest has reached ${formatBytes(limits.manifestBytes)}: ${rest}`;
    case "pathLength":
      return `The path of "${name}" is over ${limits.pathLength} characters in a URL: the origin serves such files.`;
    case "segmentBytes":
      return `"${name}" is over ${formatBytes(limits.segmentBytes)}, no live segment: the origin serves such files.`;
  }
}
