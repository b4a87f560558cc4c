import type { Geometry } from "../../content/geometry.ts";
import type { DuePiece } from "./due-piece.ts";
import type { OriginFetch } from "./origin-fetches.ts";
import type { OriginPart, OriginView } from "./origin-plan.ts";

/** A range to ask the origin for. */
export interface OriginRun {
  readonly resource: number;
  readonly first: number;
  readonly count: number;
  readonly whole: boolean;
  /** It begins with what is somebody else's duty. */
  readonly takenOver: boolean;
}

/** One range is at most this many duty blocks long: what lies beyond may yet come from a peer that is not here now. */
const RUN_BLOCKS = 4;

/** The ranges to ask for: neighbouring needed pieces of one resource as runs, the one that is due first in front. */
export function originRuns(
  view: OriginView,
  due: readonly DuePiece[],
  { needs, takenOver }: OriginPart,
  now: number,
): OriginRun[] {
  const { geometry, origin, options, wants } = view;
  const runs: OriginRun[] = [];
  const taken = new Set<number>();
  const underWay = new Map<number, number>();
  for (const fetch of origin.active) add(underWay, fetch.resource, bytesLeft(geometry, fetch));
  let room = options.maxOriginFetches - origin.count - view.elsewhere.originFetches;
  for (const { piece, dueAt } of due) {
    if (room <= 0) break;
    const need = needs.get(piece);
    if (need === undefined || need === "along" || taken.has(piece)) continue;
    const { resource } = geometry.place(piece);
    // More at once would only slow down what is due before it.
    if (need === "next" && (underWay.get(resource) ?? 0) >= options.dutyBlockBytes) continue;
    const all = geometry.piecesOf(resource);
    let first = piece;
    let end = piece;
    let bytes = 0;
    // Others who are about to play the same get the rest, and we get it from them; not when playback waits for it.
    const blocks = wants.playing && !wants.alone && dueAt > now ? 1 : RUN_BLOCKS;
    while (
      end < all.first + all.count &&
      needs.has(end) &&
      !taken.has(end) &&
      bytes < blocks * options.dutyBlockBytes
    )
      bytes += geometry.place(end++).length;
    if (origin.view(resource).wholeOnly) {
      // One whole answer at a time brings everything; a second would only cost the origin.
      if (underWay.has(resource)) continue;
      first = all.first;
      end = all.first + all.count;
    }
    for (let one = first; one < end; one++) taken.add(one);
    add(underWay, resource, bytes);
    const whole = end - first === all.count;
    runs.push({ resource, first, count: end - first, whole, takenOver: takenOver.has(piece) });
    room--;
  }
  return runs;
}

function bytesLeft(geometry: Geometry, { first, count, next }: OriginFetch): number {
  return (first + count - next) * geometry.place(first).length;
}

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
