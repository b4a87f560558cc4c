import { pieceBytesFor, pieceCount } from "../../content/manifest.ts";
import type { ListedFile } from "../list-files.ts";

/** A file that may be listed. */
export interface Candidate {
  readonly file: ListedFile;
  /** Needed for as long as the stream goes on, however old it is. */
  readonly isInit: boolean;
  /** Left by all playlists: only those whose player is behind still ask for it. */
  readonly isPast: boolean;
  /** False when only an earlier run's manifest says that it is complete. */
  readonly isComplete: boolean;
}

export interface ListLimits {
  /** Resources, at most. */
  readonly keep: number;
  readonly pieces: number;
  readonly manifestBytes: number;
}

export interface Choice {
  /** Oldest first. */
  readonly chosen: readonly Candidate[];
  /** The limit that left files out, if one did. */
  readonly reached: keyof ListLimits | undefined;
}

/**
 * Chooses what a live manifest lists: initialization segments, then the newest, within the limits.
 * @param pastFiles how many files that all playlists have left may be listed
 */
export function chooseSegments(
  candidates: readonly Candidate[],
  pastFiles: number,
  limits: ListLimits,
): Choice {
  const newestFirst = [...candidates].sort((a, b) => byAge(b, a));
  const past = newestFirst.filter(({ isInit, isPast }) => isPast && !isInit);
  const tooOld = new Set(past.slice(pastFiles));
  const inits = newestFirst.filter(({ isInit }) => isInit);
  const others = newestFirst.filter((candidate) => !candidate.isInit && !tooOld.has(candidate));
  const chosen: Candidate[] = [];
  let pieces = 0;
  let bytes = HEAD_BYTES;
  let reached: Choice["reached"];
  for (const candidate of [...inits, ...others]) {
    const cost = costOf(candidate.file);
    if (chosen.length === limits.keep) reached = "keep";
    else if (pieces + cost.pieces > limits.pieces) reached = "pieces";
    else if (bytes + cost.manifestBytes > limits.manifestBytes) reached = "manifestBytes";
    // Not the next smaller one instead: the newest are a stretch without holes.
    if (reached) break;
    pieces += cost.pieces;
    bytes += cost.manifestBytes;
    chosen.push(candidate);
  }
  return { chosen: chosen.sort(byAge), reached };
}

const HEAD_BYTES = 4096;
/** Everything in a resource's line but its path and its hashes. */
const LINE_BYTES = 300;
const HASH_CHARACTERS = 43;

/** What a file takes of a manifest, at most: known from its size, before it is hashed. */
function costOf({ path, sizeBytes }: ListedFile): { pieces: number; manifestBytes: number } {
  const pieces = pieceCount({ sizeBytes, pieceBytes: pieceBytesFor(sizeBytes) });
  return { pieces, manifestBytes: LINE_BYTES + path.length + HASH_CHARACTERS * pieces };
}

const names = new Intl.Collator("en", { numeric: true });

function byAge(a: Candidate, b: Candidate): number {
  return (
    a.file.modifiedMs - b.file.modifiedMs ||
    names.compare(a.file.path, b.file.path) ||
    (a.file.path < b.file.path ? -1 : 1)
  );
}
