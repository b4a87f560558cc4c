import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { EngineOptions } from "../options.ts";
import type { OriginFetch, OriginFetches } from "./origin-fetches.ts";
import type { Outlook, Prospect, Surroundings } from "./outlook.ts";
import type { Pieces } from "./pieces.ts";
import type { DuePiece, Wants } from "./wants.ts";

/** A range to ask the origin for. */
export interface OriginRun {
  readonly resource: number;
  readonly first: number;
  readonly count: number;
  readonly whole: boolean;
}

/** What the origin is to do, and when to look again. */
export interface OriginDecision {
  readonly runs: readonly OriginRun[];
  readonly wakeAt: number;
}

/** Parts of a transfer that the origin's plan looks at. */
interface View {
  readonly geometry: Geometry;
  readonly pieces: Pieces;
  readonly wants: Wants;
  readonly origin: OriginFetches;
  readonly options: EngineOptions;
  readonly elsewhere: Surroundings["elsewhere"];
}

/**
 * Why a piece is the origin's: no peer may bring it, or its deadline would pass if it were asked any later. `now`: it
 * holds the next byte of a want. `next`: what comes before it comes first. `along`: it would soon be late, and is worth
 * no request of its own.
 */
type Need = "now" | "next" | "along";

/** A range that is asked for anyway takes along what would be late within this time. */
const ALONG_MS = 2 * second;
/** One range is at most this many duty blocks long: what lies beyond may yet come from a peer that is not here now. */
const RUN_BLOCKS = 4;

/**
 * Which missing pieces the origin is asked for now: those that no peer may bring, and those whose deadline would pass
 * if it were asked any later. Neighbouring pieces become one range.
 */
export function planOrigin(
  view: View,
  due: readonly DuePiece[],
  outlook: Outlook,
  now: number,
): OriginDecision {
  const { geometry, origin, options } = view;
  const needs = new Map<number, Need>();
  let wakeAt = Number.POSITIVE_INFINITY;
  let aheadBytes = 0;
  const peerRate = outlook.bytesPerSecond;
  for (const one of due) {
    const { piece, dueAt } = one;
    const { resource, length } = geometry.place(piece);
    if (origin.covering(piece) || origin.view(resource).stale) continue;
    aheadBytes += length;
    const retryAt = origin.view(resource).retryAt;
    if (retryAt > now) {
      wakeAt = Math.min(wakeAt, retryAt);
      continue;
    }
    const small = geometry.resource(resource).sizeBytes <= options.smallResourceBytes;
    const prospect = small ? "none" : outlook.prospect(piece);
    const releaseAt = releaseTime(one, prospect) - options.originLeadMs;
    if (prospect === "none" || releaseAt <= now) {
      needs.set(piece, small || one.front ? "now" : "next");
    } else {
      const late = peerRate === undefined || now + (aheadBytes * second) / peerRate > dueAt;
      if (late && releaseAt - ALONG_MS <= now) needs.set(piece, "along");
      wakeAt = Math.min(wakeAt, releaseAt);
    }
  }
  return { runs: needs.size === 0 ? [] : runsOf(view, due, needs), wakeAt };
}

/** Hope in peers that nobody has seen yet lasts until the want's first byte is due; in those seen, as long as may be. */
function releaseTime(one: DuePiece, prospect: Prospect): number {
  return prospect === "unknown" ? Math.min(one.dueAt, one.firstDueAt) : one.dueAt;
}

/** Neighbouring needed pieces of one resource as runs, the one that is due first in front. */
function runsOf(view: View, due: readonly DuePiece[], needs: ReadonlyMap<number, Need>): OriginRun[] {
  const { geometry, origin, options } = view;
  const runs: OriginRun[] = [];
  const taken = new Set<number>();
  const underWay = new Map<number, number>();
  for (const fetch of origin.active) add(underWay, fetch.resource, bytesLeft(geometry, fetch));
  let room = options.maxOriginFetches - origin.count - view.elsewhere.originFetches;
  for (const { piece } of due) {
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
    while (
      end < all.first + all.count &&
      needs.has(end) &&
      !taken.has(end) &&
      bytes < RUN_BLOCKS * options.dutyBlockBytes
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
    runs.push({ resource, first, count: end - first, whole: end - first === all.count });
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

/** A fetch whose next pieces, in bytes, came from elsewhere meanwhile is better stopped and asked for anew. */
const SKIP_WORTH_BYTES = 512 * 1024;

/** The running fetches that bring nothing (more) that is worth their bytes. */
export function pointless(view: View): OriginFetch[] {
  return view.origin.active.filter((fetch) => {
    const end = fetch.first + fetch.count;
    let skippable = 0;
    let piece = fetch.next;
    const useful = (one: number): boolean => view.pieces.missing(one) && view.wants.covers(one);
    while (piece < end && !useful(piece)) {
      skippable += view.geometry.place(piece).length;
      piece++;
    }
    if (piece >= end) return true;
    return skippable >= SKIP_WORTH_BYTES && !view.origin.view(fetch.resource).wholeOnly;
  });
}
