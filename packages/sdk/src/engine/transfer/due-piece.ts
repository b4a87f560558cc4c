import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { ActiveWant } from "./window.ts";

/** A piece that somebody waits for, and when its first wanted byte is due. */
export interface DuePiece {
  readonly piece: number;
  readonly dueAt: number;
  /** When the first byte of its want is due; what comes after it is due at this pace. */
  readonly startsAt: number;
  readonly bytesPerSecond: number;
  /** Until when somebody who is not here yet may be waited for. */
  readonly hopeUntil: number;
  /** When the want came. */
  readonly since: number;
}

/** The missing pieces of all wants, as far as each reaches, the earliest due first; each once. */
export function duePieces(
  geometry: Geometry,
  wants: Iterable<ActiveWant>,
  {
    missing,
    reach,
  }: { readonly missing: (piece: number) => boolean; readonly reach: (active: ActiveWant) => number },
): DuePiece[] {
  const earliest = new Map<number, DuePiece>();
  for (const active of wants) {
    const { want, since, backlogBytes, cursor } = active;
    const run = geometry.piecesIn(want.resource, cursor, reach(active));
    const { pieceBytes } = geometry.resource(want.resource);
    const firstOfResource = geometry.piecesOf(want.resource).first;
    const { firstByteMs, strangersMs = firstByteMs, minBytesPerSecond } = want.patience;
    const hopeUntil = since + strangersMs;
    const startsAt = since + firstByteMs;
    const timing = { startsAt, bytesPerSecond: minBytesPerSecond, hopeUntil, since };
    for (let piece = run.first; piece < run.first + run.count; piece++) {
      if (!missing(piece)) continue;
      const offset = backlogBytes + Math.max(0, (piece - firstOfResource) * pieceBytes - want.start);
      const dueAt = startsAt + (offset * second) / minBytesPerSecond;
      const known = earliest.get(piece);
      if (!known || dueAt < known.dueAt) earliest.set(piece, { piece, dueAt, ...timing });
    }
  }
  return [...earliest.values()].sort((a, b) => a.dueAt - b.dueAt || a.piece - b.piece);
}

/** However far ahead a page is, no piece of it waits so much longer for that, ms. */
const MOST_AHEAD_MS = 5 * second;

/**
 * How far ahead of its pace all that is waited for is together, ms: pieces come in any order, and one that is late while
 * most of the others were early keeps the page from nothing that the origin would have brought it by now.
 */
export function aheadMs(geometry: Geometry, due: readonly DuePiece[], now: number): number {
  const last = due.at(-1);
  if (!last) return 0;
  let bytes = -geometry.length(last.piece);
  for (const { piece } of due) bytes += geometry.length(piece);
  const ahead = last.dueAt - Math.max(now, last.startsAt) - (bytes * second) / last.bytesPerSecond;
  return Math.max(0, Math.min(MOST_AHEAD_MS, ahead));
}
