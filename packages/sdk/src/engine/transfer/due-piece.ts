import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { ActiveWant } from "./window.ts";

/** A piece that somebody waits for, and when its first wanted byte is due. */
export interface DuePiece {
  readonly piece: number;
  readonly dueAt: number;
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
    for (let piece = run.first; piece < run.first + run.count; piece++) {
      if (!missing(piece)) continue;
      const offset = backlogBytes + Math.max(0, (piece - firstOfResource) * pieceBytes - want.start);
      const dueAt = since + firstByteMs + (offset * second) / minBytesPerSecond;
      const known = earliest.get(piece);
      if (!known || dueAt < known.dueAt) earliest.set(piece, { piece, dueAt, hopeUntil, since });
    }
  }
  return [...earliest.values()].sort((a, b) => a.dueAt - b.dueAt || a.piece - b.piece);
}
