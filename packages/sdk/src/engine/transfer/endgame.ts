import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { EngineOptions } from "../options.ts";
import type { ChunkAsk } from "./chunk-ask.ts";
import type { DuePiece } from "./due-piece.ts";
import type { OriginFetches } from "./origin-fetches.ts";
import type { Pieces } from "./pieces.ts";
import type { Supplier } from "./supplier.ts";

/** How many times faster than the first the second one has to be. */
const FASTER = 2;
/** A piece that somebody sends too slowly is asked of another peer when it is due in so little time. */
const RESCUE_MS = 2 * second;

interface View {
  readonly pieces: Pieces;
  readonly origin: OriginFetches;
  readonly options: EngineOptions;
}

/** Whether every piece that is due is on its way: found out when it is asked, once for a plan. */
export class LastPieces {
  readonly #view: View;
  readonly #due: readonly DuePiece[];
  #answer: boolean | undefined;

  constructor(view: View, due: readonly DuePiece[]) {
    this.#view = view;
    this.#due = due;
  }

  get yes(): boolean {
    const { pieces, origin } = this.#view;
    this.#answer ??= this.#due.every(
      ({ piece }) => pieces.download(piece)?.pending || !pieces.missing(piece) || origin.covering(piece),
    );
    return this.#answer;
  }
}

/**
 * Chunks of a second peer. It costs bytes when both answer, so only in the true endgame (libtorrent's strict mode), when
 * every piece was asked of somebody, or when a piece is due so soon that otherwise the origin would have to bring it.
 */
export function endgame(parts: {
  readonly view: View;
  readonly due: readonly DuePiece[];
  readonly last: LastPieces;
  readonly supplier: Supplier;
  readonly serving: ReadonlyMap<PeerId, Supplier>;
  readonly room: number;
  readonly now: number;
}): ChunkAsk[] {
  const { view, due, last, supplier, serving, room, now } = parts;
  const asks: ChunkAsk[] = [];
  for (const { piece, dueAt } of due) {
    // The earliest due is the first.
    if (dueAt - now > RESCUE_MS && !last.yes) break;
    const download = view.pieces.download(piece);
    // A piece that was wrong before has one sender only, so that the next wrong one has a certain culprit.
    if (!download || view.pieces.solo(piece) || !supplier.have.has(piece)) continue;
    for (let chunk = 0; chunk < download.chunkCount; chunk++) {
      const asked = download.asked(chunk);
      const [first] = asked;
      if (download.has(chunk) || asked.length !== 1 || !first) continue;
      if (first.peer === supplier.peer || now - first.at < view.options.endgameAfterMs) continue;
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
