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

/** What the origin's part in a transfer is now. */
interface OriginPart {
  /** Missing pieces that it is to be asked for. */
  readonly needs: ReadonlyMap<number, Need>;
  /** Pieces that a running fetch would bring, and peers will. */
  readonly spared: ReadonlySet<number>;
  /** When to look again. */
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
 * The origin is asked for what no peer may bring, and for what would be late if it were asked any later. It is spared
 * what it is bringing already when a peer turns out to be on duty for it, or to deliver fast enough.
 */
export function originPart(view: View, due: readonly DuePiece[], outlook: Outlook, now: number): OriginPart {
  const { geometry, origin, options } = view;
  const needs = new Map<number, Need>();
  const spared = new Set<number>();
  let wakeAt = Number.POSITIVE_INFINITY;
  let aheadBytes = 0;
  const peerRate = outlook.bytesPerSecond;
  for (const one of due) {
    const { piece, dueAt } = one;
    const { resource, length } = geometry.place(piece);
    const { retryAt, stale } = origin.view(resource);
    const small = geometry.resource(resource).sizeBytes <= options.smallResourceBytes;
    const prospect = small ? "none" : outlook.prospect(piece);
    const releaseAt = releaseTime(one, prospect) - options.originLeadMs;
    const soon = releaseAt - ALONG_MS <= now;
    const late = peerRate === undefined || now + ((aheadBytes + length) * second) / peerRate > dueAt;
    if (origin.covering(piece)) {
      const certain = prospect === "duty" || (!late && (prospect === "held" || prospect === "coming"));
      if (!certain || soon) continue;
      spared.add(piece);
    } else if (stale) {
      continue;
    } else if (retryAt > now) {
      wakeAt = Math.min(wakeAt, retryAt);
    } else if (prospect === "none" || releaseAt <= now) {
      needs.set(piece, small || one.front ? "now" : "next");
    } else {
      if (late && soon) needs.set(piece, "along");
      wakeAt = Math.min(wakeAt, releaseAt);
    }
    aheadBytes += length;
  }
  return { needs, spared, wakeAt };
}

/** Hope in peers that nobody has seen yet lasts until the want's first byte is due; in those seen, as long as may be. */
function releaseTime(one: DuePiece, prospect: Prospect): number {
  return prospect === "unknown" ? Math.min(one.dueAt, one.firstDueAt) : one.dueAt;
}

/** The ranges to ask for: neighbouring needed pieces of one resource as runs, the one that is due first in front. */
export function originRuns(view: View, due: readonly DuePiece[], { needs }: OriginPart): OriginRun[] {
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

/** A fetch whose next pieces, in bytes, come from elsewhere is better stopped, and what is left asked for anew. */
const SKIP_WORTH_BYTES = 512 * 1024;

/** The running fetches that bring nothing (more) that is worth their bytes. */
export function pointless({ geometry, pieces, wants, origin }: View, { spared }: OriginPart): OriginFetch[] {
  const useful = (piece: number): boolean =>
    pieces.missing(piece) && wants.covers(piece) && !spared.has(piece);
  return origin.active.filter(({ resource, first, count, next }) => {
    const end = first + count;
    let skippable = 0;
    let piece = next;
    for (; piece < end && !useful(piece); piece++) skippable += geometry.place(piece).length;
    return piece >= end || (skippable >= SKIP_WORTH_BYTES && !origin.view(resource).wholeOnly);
  });
}
