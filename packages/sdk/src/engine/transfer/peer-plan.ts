import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { EngineOptions } from "../options.ts";
import type { Availability } from "./availability.ts";
import type { ChunkAsk } from "./chunk-ask.ts";
import type { DuePiece } from "./due-piece.ts";
import { endgame, LastPieces } from "./endgame.ts";
import type { OriginFetches } from "./origin-fetches.ts";
import type { Picker } from "./picker.ts";
import type { Pieces } from "./pieces.ts";
import type { Supplier } from "./supplier.ts";

/** Parts of a transfer that the plan for peers looks at. */
export interface PeerView {
  readonly pieces: Pieces;
  readonly origin: OriginFetches;
  readonly availability: Availability;
  readonly picker: Picker;
  readonly options: EngineOptions;
  /** True when nothing has been under way for a while: then we take what we can get, suggested or not. */
  readonly idle: boolean;
  /** The length of the pieces, bytes; of the first one, should they differ. */
  readonly pieceBytes: number;
  /** More is wanted than the windows let us fetch now. */
  readonly windowed: boolean;
  /** True while another piece may be held unverified. */
  mayBegin(piece: number): boolean;
  /** True for what is better left to the origin, however many peers have it. */
  leftToOrigin(piece: number): boolean;
}

/** Pieces that a running origin fetch is about to bring are left to it. */
const ORIGIN_LEAD_PIECES = 2;
/** Pieces that the origin is already bringing come last, from the far end, so that the two meet and do not collide. */
const COVERED_RANK = 1e6;
/** With so few pieces there is nothing to give: the next ones are any (libtorrent: 4). */
const BEGINNER_PIECES = 4;
/** What a seeder suggests comes before what is merely rare. */
const SUGGESTED_RANK = -1e6;
/** What a piece at the front of a window counts as, of what it would at the end. */
const FRONT_SHARE = 1 / 4;
/** A peer this many times slower than the fastest is not given what it would bring too late. */
const MUCH_FASTER = 2;

/**
 * Which chunks are asked of which peers now. Each piece comes from one peer, so that a wrong piece has one culprit;
 * only in endgame (BEP 3: nothing is left that nobody was asked for) is an overdue chunk asked of a second one.
 */
export function planPeers(
  view: PeerView,
  due: readonly DuePiece[],
  suppliers: readonly Supplier[],
  now: number,
): ChunkAsk[] {
  const ready = suppliers.filter((supplier) => supplier.serving && supplier.room > 0);
  if (ready.length === 0 || due.length === 0) return [];
  const asks: ChunkAsk[] = [];
  const serving = new Map<PeerId, Supplier>();
  for (const supplier of suppliers) if (supplier.serving) serving.set(supplier.peer, supplier);
  const fresh = new Fresh(view, due, now);
  const last = new LastPieces(view, due);
  let fastest = 0;
  for (const { bytesPerSecond } of suppliers) fastest = Math.max(fastest, bytesPerSecond);
  // Several bring together what one would bring too late. Should it be wrong, it is fetched again of one alone.
  const hurried = new Set<number>();
  for (const one of due) {
    if (!view.picker.urgent(one, now)) break;
    if (!view.pieces.solo(one.piece)) hurried.add(one.piece);
  }
  // The fastest first: what they are given they deliver soonest.
  for (const supplier of ready.sort((a, b) => b.bytesPerSecond - a.bytesPerSecond)) {
    const full = asks.length + supplier.room;
    const askAll = (piece: number) => {
      const download = view.pieces.begin(piece);
      for (let chunk = 0; chunk < download.chunkCount && asks.length < full; chunk++) {
        if (download.has(chunk) || download.asked(chunk).length > 0) continue;
        download.ask(chunk, supplier.peer, now);
        asks.push({ peer: supplier.peer, piece, chunk });
      }
    };
    for (const [piece, download] of view.pieces.downloads) {
      if (asks.length >= full) break;
      if (!download.open) continue;
      // Chunks of a sender who left are taken over.
      const taken =
        !hurried.has(piece) && download.takenByAnother(supplier.peer, (other) => serving.has(other));
      if (!taken && supplier.have.has(piece)) askAll(piece);
    }
    while (asks.length < full) {
      const piece = fresh.take(supplier, view.idle, fastest);
      if (piece === undefined) break;
      askAll(piece);
    }
    if (asks.length < full)
      asks.push(...endgame({ view, due, last, supplier, serving, room: full - asks.length, now }));
  }
  return asks;
}

/** The missing pieces that nobody was asked for, each with its place in the order of asking. */
class Fresh {
  readonly #view: PeerView;
  readonly #pieces: number[] = [];
  readonly #ranks: number[] = [];
  readonly #urgent: boolean[] = [];
  readonly #leftMs: number[] = [];

  constructor(view: PeerView, due: readonly DuePiece[], now: number) {
    this.#view = view;
    const { origin, pieces, picker, availability } = view;
    const begun = pieces.have.count >= BEGINNER_PIECES;
    for (const [at, one] of due.entries()) {
      const { piece } = one;
      const count = availability.of(piece);
      if (count === 0 || pieces.download(piece) || !pieces.missing(piece) || view.leftToOrigin(piece))
        continue;
      // A window that reaches no further moves on only when its front comes.
      const held = view.windowed ? count * (FRONT_SHARE + at / due.length) : count;
      let rank = picker.rank(one, { availability: held, begun, now });
      const fetch = origin.covering(piece);
      if (fetch) {
        if (piece < fetch.next + ORIGIN_LEAD_PIECES) continue;
        rank = COVERED_RANK - piece / 1e6;
      }
      this.#pieces.push(piece);
      this.#ranks.push(rank);
      this.#leftMs.push(one.dueAt - now);
      this.#urgent.push(!fetch && picker.urgent(one, now));
    }
  }

  /** The first in order of those that the peer has, which is then no longer fresh; none when no more may be begun. */
  take(supplier: Supplier, idle: boolean, fastest: number): number | undefined {
    const { have, suggested, bytesPerSecond } = supplier;
    // Somebody much faster than this peer may bring in time what it would not.
    const slow = bytesPerSecond > 0 && bytesPerSecond * MUCH_FASTER < fastest;
    const leastMs = slow ? (this.#view.pieceBytes * second) / bytesPerSecond : Number.NEGATIVE_INFINITY;
    let best = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#pieces.length; i++) {
      const piece = this.#pieces[i] as number;
      let rank = this.#ranks[i] as number;
      if ((this.#leftMs[i] as number) < leastMs) continue;
      if (suggested && !this.#urgent[i]) {
        if (suggested.has(piece)) rank += SUGGESTED_RANK;
        else if (!idle) continue;
      }
      if (rank < bestRank && have.has(piece)) [best, bestRank] = [i, rank];
    }
    const piece = this.#pieces[best];
    if (piece === undefined || !this.#view.mayBegin(piece)) return undefined;
    this.#ranks[best] = Number.POSITIVE_INFINITY;
    return piece;
  }
}
