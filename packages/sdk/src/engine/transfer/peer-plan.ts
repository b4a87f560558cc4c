import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { EngineOptions } from "../options.ts";
import type { OriginFetches } from "./origin-fetches.ts";
import type { Surroundings } from "./outlook.ts";
import type { Pieces } from "./pieces.ts";
import type { Supplier } from "./supplier.ts";
import type { DuePiece } from "./wants.ts";

/** One chunk to ask of one peer. */
export interface ChunkAsk {
  readonly peer: PeerId;
  readonly piece: number;
  readonly chunk: number;
}

interface View {
  readonly geometry: Geometry;
  readonly pieces: Pieces;
  readonly origin: OriginFetches;
  readonly options: EngineOptions;
  readonly elsewhere: Surroundings["elsewhere"];
}

/** A chunk asked so long ago, and nothing else left to ask: somebody else is asked too. */
const ENDGAME_AFTER_MS = 1 * second;
/** How many times faster than the first the second one has to be. */
const FASTER = 2;
/** A piece that somebody sends too slowly is asked of another peer when it is due in so little time. */
const RESCUE_MS = 2 * second;
/** Pieces that a running origin fetch is about to bring are left to it. */
const ORIGIN_LEAD_PIECES = 2;

/**
 * Which chunks are asked of which peers now. Each piece comes from one peer, so that a wrong piece has one culprit;
 * only in endgame (BEP 3: nothing is left that nobody was asked for) is an overdue chunk asked of a second one.
 */
export function planPeers(
  view: View,
  ordered: readonly DuePiece[],
  suppliers: readonly Supplier[],
  now: number,
): ChunkAsk[] {
  const ready = suppliers.filter((supplier) => supplier.serving && supplier.room > 0);
  if (ready.length === 0) return [];
  const asks: ChunkAsk[] = [];
  const serving = new Map(
    suppliers.filter((supplier) => supplier.serving).map((supplier) => [supplier.peer, supplier]),
  );
  const order = originLast(view, ordered);
  // The fastest first: what they are given they deliver soonest.
  for (const supplier of [...ready].sort((a, b) => b.bytesPerSecond - a.bytesPerSecond)) {
    let room = supplier.room;
    for (const { piece } of order) {
      if (room <= 0) break;
      if (!supplier.have.has(piece)) continue;
      const known = view.pieces.download(piece);
      if (known ? takenByAnother(known.senders, supplier.peer, serving, known) : overBudget(view, piece))
        continue;
      const download = view.pieces.begin(piece);
      for (let chunk = 0; chunk < download.chunkCount && room > 0; chunk++) {
        if (download.has(chunk) || download.asked(chunk).length > 0) continue;
        download.ask(chunk, supplier.peer, now);
        asks.push({ peer: supplier.peer, piece, chunk });
        room--;
      }
    }
    if (room > 0) asks.push(...endgame({ view, order, supplier, serving, room, now }));
  }
  return asks;
}

/** Pieces that the origin is already bringing come last, from the far end, so that the two meet and do not collide. */
function originLast(view: View, ordered: readonly DuePiece[]): readonly DuePiece[] {
  if (view.origin.count === 0) return ordered;
  const free: DuePiece[] = [];
  const covered: DuePiece[] = [];
  for (const one of ordered) {
    const fetch = view.origin.covering(one.piece);
    if (!fetch) free.push(one);
    else if (one.piece >= fetch.next + ORIGIN_LEAD_PIECES) covered.push(one);
  }
  covered.sort((a, b) => b.piece - a.piece);
  return [...free, ...covered];
}

/** True when the piece is on its way from somebody else who still serves; chunks of one who left are taken over. */
function takenByAnother(
  senders: ReadonlySet<PeerId>,
  peer: PeerId,
  serving: ReadonlyMap<PeerId, Supplier>,
  download: { owes(peer: PeerId): boolean },
): boolean {
  for (const sender of senders) if (sender !== peer && serving.has(sender)) return true;
  for (const other of serving.keys()) if (other !== peer && download.owes(other)) return true;
  return false;
}

function overBudget(view: View, piece: number): boolean {
  const held = view.pieces.unverifiedBytes + view.elsewhere.unverifiedBytes;
  return held + view.geometry.place(piece).length > view.options.maxUnverifiedBytes;
}

/**
 * Chunks of a second peer. It costs bytes when both answer, so only in the true endgame, when every piece was asked of
 * somebody, or when a piece is due so soon that otherwise the origin would have to bring it.
 */
function endgame(parts: {
  readonly view: View;
  readonly order: readonly DuePiece[];
  readonly supplier: Supplier;
  readonly serving: ReadonlyMap<PeerId, Supplier>;
  readonly room: number;
  readonly now: number;
}): ChunkAsk[] {
  const { view, order, supplier, serving, room, now } = parts;
  const asks: ChunkAsk[] = [];
  const last = order.every(
    ({ piece }) => view.pieces.download(piece)?.pending || view.origin.covering(piece),
  );
  for (const { piece, dueAt } of order) {
    if (!last && dueAt - now > RESCUE_MS) continue;
    const download = view.pieces.download(piece);
    // A piece that was wrong before has one sender only, so that the next wrong one has a certain culprit.
    if (!download || view.pieces.solo(piece) || !supplier.have.has(piece)) continue;
    for (let chunk = 0; chunk < download.chunkCount; chunk++) {
      const asked = download.asked(chunk);
      const [first] = asked;
      if (download.has(chunk) || asked.length !== 1 || !first) continue;
      if (first.peer === supplier.peer || now - first.at < ENDGAME_AFTER_MS) continue;
      // Somebody as slow would only send it twice.
      const rate = serving.get(first.peer)?.bytesPerSecond ?? 0;
      if (supplier.bytesPerSecond < FASTER * rate) continue;
      if (asks.length >= room) return asks;
      download.ask(chunk, supplier.peer, now);
      asks.push({ peer: supplier.peer, piece, chunk });
    }
  }
  return asks;
}
