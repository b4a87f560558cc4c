import type { RivuletError } from "../../base/errors.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import type { Bitfield } from "../../content/bitfield.ts";
import type { Geometry } from "../../content/geometry.ts";
import type { WantId } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import { OriginFetches } from "./origin-fetches.ts";
import { type OriginRun, originPart, originRuns, pointless } from "./origin-plan.ts";
import { Outlook, type Surroundings } from "./outlook.ts";
import { type ChunkAsk, planPeers } from "./peer-plan.ts";
import type { Picker } from "./picker.ts";
import { Pieces } from "./pieces.ts";
import { type DuePiece, Wants } from "./wants.ts";

/** A want that nobody can serve any more. */
export interface LostCause {
  readonly want: WantId;
  readonly error: RivuletError;
}

/** What is to be done for one content now. */
export interface TransferPlan {
  readonly runs: readonly OriginRun[];
  readonly asks: readonly ChunkAsk[];
  readonly stop: readonly number[];
  readonly lost: readonly LostCause[];
  /** When to look again, as things stand. */
  readonly wakeAt: number;
}

/** One content on its way to the page: its pieces, its wants, and the origin's part in it. Decides; never sends. */
export class ContentTransfer {
  readonly content: ContentId;
  readonly geometry: Geometry;
  readonly pieces: Pieces;
  readonly wants: Wants;
  readonly origin: OriginFetches;
  readonly #options: EngineOptions;
  readonly #picker: Picker;

  constructor(parts: {
    readonly content: ContentId;
    readonly geometry: Geometry;
    readonly have: Bitfield;
    readonly options: EngineOptions;
    readonly picker: Picker;
  }) {
    this.content = parts.content;
    this.geometry = parts.geometry;
    this.pieces = new Pieces(parts.geometry, parts.have);
    this.wants = new Wants(parts.geometry, parts.options.windowBytes);
    this.origin = new OriginFetches(parts.geometry);
    this.#options = parts.options;
    this.#picker = parts.picker;
  }

  get complete(): boolean {
    return this.pieces.have.complete;
  }

  plan(around: Surroundings): TransferPlan {
    const view = {
      geometry: this.geometry,
      pieces: this.pieces,
      wants: this.wants,
      origin: this.origin,
      options: this.#options,
      elsewhere: around.elsewhere,
    };
    const due = this.wants.due((piece) => this.pieces.missing(piece));
    const outlook = new Outlook({
      around,
      pieces: this.pieces,
      geometry: this.geometry,
      content: this.content,
      dutyBlockBytes: this.#options.dutyBlockBytes,
    });
    const part = originPart(view, due, outlook, around.now);
    const stop = pointless(view, part).map(({ fetch }) => fetch);
    for (const fetch of stop) this.origin.end(fetch);
    const ready = around.suppliers.some((supplier) => supplier.serving && supplier.room > 0);
    const forPeers = ready ? due.filter(({ piece }) => !this.#leftToOrigin(piece, around.now)) : [];
    const ordered = this.#picker.order(forPeers, (piece) => outlook.availability(piece), around.now);
    const asks = planPeers(view, ordered, around.suppliers, around.now);
    const runs = originRuns(view, due, part);
    return { asks, stop, runs, lost: this.#lostCauses(due, outlook, around.now), wakeAt: part.wakeAt };
  }

  /** The peer will send nothing more of what it owes: choked, snubbed, rejected or gone. */
  forsake(peer: PeerId): void {
    for (const [piece, download] of this.pieces.downloads) {
      if (!download.owes(peer)) continue;
      download.unaskAll(peer);
      // A piece that must have one culprit is not finished by a second sender.
      const useless = download.parts.length === 0 || this.pieces.solo(piece);
      if (!download.pending && useless) this.pieces.drop(piece);
    }
  }

  /** Ends the downloads that no want covers any more, and returns their pieces. */
  abandon(): number[] {
    const unwanted = [...this.pieces.downloads.keys()].filter((piece) => !this.wants.covers(piece));
    for (const piece of unwanted) this.pieces.drop(piece);
    return unwanted;
  }

  /** A small resource costs the origin less than the detour over a peer costs the page, while the origin answers. */
  #leftToOrigin(piece: number, now: number): boolean {
    const { resource } = this.geometry.place(piece);
    const { sizeBytes } = this.geometry.resource(resource);
    return sizeBytes <= this.#options.smallResourceBytes && this.origin.view(resource).retryAt <= now;
  }

  /** Wants whose next pieces the origin refused and no peer may bring; each ends with the origin's own error. */
  #lostCauses(due: readonly DuePiece[], outlook: Outlook, now: number): LostCause[] {
    const lost = new Map<WantId, RivuletError>();
    for (const { piece } of due) {
      const { resource } = this.geometry.place(piece);
      const error = this.origin.view(resource).lastError;
      if (!error || this.origin.covering(piece)) continue;
      // The origin is asked again when its pause is over, so until then only its word counts.
      if (
        !this.origin.view(resource).stale &&
        (this.origin.view(resource).retryAt <= now || outlook.prospect(piece) !== "none")
      )
        continue;
      for (const want of this.wants.ofResource(resource)) lost.set(want, error);
    }
    for (const want of lost.keys()) this.wants.remove(want);
    return Array.from(lost, ([want, error]) => ({ want, error }));
  }
}
