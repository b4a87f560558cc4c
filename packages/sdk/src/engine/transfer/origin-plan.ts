import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { EngineOptions } from "../options.ts";
import { aheadMs, type DuePiece } from "./due-piece.ts";
import type { OriginFetch, OriginFetches } from "./origin-fetches.ts";
import type { Outlook, Prospect, Surroundings } from "./outlook.ts";
import type { Pieces } from "./pieces.ts";
import { TakeOver } from "./take-over.ts";
import type { Wants } from "./wants.ts";

/** What the origin's part in a transfer is now. */
export interface OriginPart {
  /** Missing pieces that it is to be asked for. */
  readonly needs: ReadonlyMap<number, Need>;
  /** Those among them that are somebody else's duty. */
  readonly takenOver: ReadonlySet<number>;
  /** Pieces that a running fetch would bring, and peers will. */
  readonly spared: ReadonlySet<number>;
  /** When to look again. */
  readonly wakeAt: number;
}

/** Parts of a transfer that the origin's plan looks at. */
export interface OriginView {
  readonly geometry: Geometry;
  readonly pieces: Pieces;
  readonly wants: Wants;
  readonly origin: OriginFetches;
  readonly options: EngineOptions;
  readonly elsewhere: Surroundings["elsewhere"];
  /** Since when nothing is on its way to us, and nothing is left to ask of peers; undefined while something is. */
  readonly idleSince: number | undefined;
}

/**
 * Why a piece is the origin's: no peer may bring it, or its deadline would pass if it were asked any later. `now`: it
 * holds the next byte of a want. `next`: what comes before it comes first. `along`: it would soon be late, and is worth
 * no request of its own.
 */
export type Need = "now" | "next" | "along";

/** A range that is asked for anyway takes along what would be late within this time. */
const ALONG_MS = 2 * second;
/** Of the time that the origin was seen to take for a piece, so much is allowed for. */
const MAX_LEAD_MS = 1 * second;
/** A piece that comes within this time at its sender's pace is waited for as long beyond its deadline. */
const NEARLY_THERE_MS = 0.8 * second;
/** The last time before a deadline is shared by the backups, so that not all of them step in at once; at most so much. */
const BACKUP_LEAD_MS = 2 * second;

/**
 * The origin is asked for what no peer may bring, and for what would be late if it were asked any later. It is spared
 * what it is bringing already when a peer turns out to be on duty for it, or to deliver fast enough.
 */
export function originPart(
  view: OriginView,
  due: readonly DuePiece[],
  outlook: Outlook,
  now: number,
): OriginPart {
  const { geometry, origin, options, wants } = view;
  const needs = new Map<number, Need>();
  const takenOver = new Set<number>();
  const spared = new Set<number>();
  const fronts = wants.fronts();
  /** What is or will be others' work, and need not be ours yet. */
  const others: DuePiece[] = [];
  // One file is read in order, and so is media: what came beyond a gap is of no use yet.
  const respiteMs = wants.playing || wants.size < 2 ? 0 : aheadMs(geometry, due, now);
  let ownWork = false;
  let wakeAt = Number.POSITIVE_INFINITY;
  let aheadBytes = 0;
  const leadMs = Math.min(MAX_LEAD_MS, Math.max(options.originLeadMs, origin.firstPieceMs ?? 0));
  const peerRate = outlook.bytesPerSecond;
  for (const one of due) {
    const { piece } = one;
    const dueAt = one.dueAt + respiteMs;
    const { resource, length } = geometry.place(piece);
    const { retryAt, stale } = origin.view(resource);
    const small = geometry.resource(resource).sizeBytes <= options.smallResourceBytes;
    const prospect = small ? "none" : outlook.prospect(piece);
    const releaseAt = releaseTime({ one, dueAt, prospect, outlook, view }) - leadMs;
    const soon = releaseAt - ALONG_MS <= now;
    const late = peerRate === undefined || now + ((aheadBytes + length) * second) / peerRate > dueAt;
    const running = origin.covering(piece);
    if (running) {
      const certain =
        (prospect === "duty" && !running.takenOver && !wants.playing) ||
        (!late && (prospect === "held" || prospect === "coming"));
      // Of two who have just begun, one stops while it costs nothing, however soon the piece is due.
      const yields = prospect === "fetched" && releaseAt > now && outlook.yields(piece);
      if (!yields && (!certain || soon)) continue;
      spared.add(piece);
    } else if (stale) {
      continue;
    } else if (retryAt > now) {
      wakeAt = Math.min(wakeAt, retryAt);
    } else if (prospect === "none" || releaseAt <= now) {
      needs.set(piece, small || fronts.has(piece) ? "now" : "next");
      if (prospect === "duty") takenOver.add(piece);
      ownWork ||= (prospect === "none" || prospect === "unknown") && !small;
    } else {
      if (prospect === "duty" || prospect === "unknown") others.push(one);
      if (late && soon && prospect !== "unknown") needs.set(piece, "along");
      // By then who fetches it may have stopped getting on with it.
      const backupAt = prospect === "fetched" ? now + options.backupAfterMs : releaseAt;
      // A page that is ahead now may be less so by then.
      const againAt = releaseAt - Math.min(respiteMs, releaseAt - now) / 2;
      wakeAt = Math.min(wakeAt, againAt, backupAt);
    }
    aheadBytes += length;
  }
  if (others.length === 0) return { needs, takenOver, spared, wakeAt };
  const lineFull = origin.count + view.elsewhere.originFetches >= options.maxOriginFetches;
  const takeOver = new TakeOver({ geometry, options, outlook, fronts, ownWork, lineFull });
  for (const one of others) {
    const at = takeOver.time(one) - leadMs;
    if (at > now) wakeAt = Math.min(wakeAt, at);
    else {
      needs.set(one.piece, fronts.has(one.piece) ? "now" : "next");
      if (outlook.rank(one.piece) > 0) takenOver.add(one.piece);
    }
  }
  return { needs, takenOver, spared, wakeAt };
}

/**
 * Until when a piece is waited for. Hope in peers that nobody has seen yet lasts until the want's first byte is due; in
 * those seen, or on their way to us, as long as may be. Somebody else's duty is taken over by rank: the first backup well
 * before the deadline, each further one in half of the time that is left then; and, by rank too, by those who have
 * nothing else to do.
 */
function releaseTime(parts: {
  readonly one: DuePiece;
  readonly dueAt: number;
  readonly prospect: Prospect;
  readonly outlook: Outlook;
  readonly view: OriginView;
}): number {
  const { one, dueAt, prospect, outlook, view } = parts;
  if (prospect === "unknown")
    return outlook.expects(one.piece) && !view.wants.playing ? dueAt : Math.min(dueAt, one.hopeUntil);
  // Asked of the origin too it would hardly be here sooner.
  if (prospect === "coming" && outlook.arrivesWithin(one.piece, NEARLY_THERE_MS))
    return dueAt + NEARLY_THERE_MS;
  if (prospect !== "duty") return dueAt;
  const rank = outlook.rank(one.piece);
  const lead = Math.min(BACKUP_LEAD_MS, (dueAt - one.since) / 2) / 2 ** (rank - 1);
  const idleUntil = (view.idleSince ?? Number.POSITIVE_INFINITY) + rank * view.options.backupAfterMs;
  return Math.min(dueAt - lead, idleUntil);
}

/** A fetch whose next pieces, in bytes, come from elsewhere is better stopped, and what is left asked for anew. */
const SKIP_WORTH_BYTES = 512 * 1024;

/** The running fetches that bring nothing (more) that is worth their bytes. */
export function pointless(
  { geometry, pieces, wants, origin }: OriginView,
  { spared }: OriginPart,
): OriginFetch[] {
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
