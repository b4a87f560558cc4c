import type { RivuletError } from "../../base/errors.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import { minute } from "../../base/time.ts";
import type { Bitfield } from "../../content/bitfield.ts";
import type { Geometry } from "../../content/geometry.ts";
import { MAX_LIVE_PIECES } from "../../protocol/limits.ts";
import type { WantId } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import { Availability } from "./availability.ts";
import type { ChunkAsk } from "./chunk-ask.ts";
import type { DuePiece } from "./due-piece.ts";
import { OriginFetches } from "./origin-fetches.ts";
import { originPart, pointless } from "./origin-plan.ts";
import { type OriginRun, originRuns } from "./origin-runs.ts";
import { Outlook, type Surroundings } from "./outlook.ts";
import { planPeers } from "./peer-plan.ts";
import type { Picker } from "./picker.ts";
import { Pieces } from "./pieces.ts";
import { Wants } from "./wants.ts";

/** A want that nobody can serve any more. */
export interface LostCause {
  readonly want: WantId;
  readonly error: RivuletError;
}

/** A snubbed peer has its pause and a second chance in this time. */
const LAST_HOPE_MS = minute;

/** What is to be done for one content now. */
export interface TransferPlan {
  readonly runs: readonly OriginRun[];
  readonly asks: readonly ChunkAsk[];
  readonly stop: readonly number[];
  readonly lost: readonly LostCause[];
  /** When to look at the origin's part again, as things stand; says nothing when it was left out. */
  readonly wakeAt: number;
}

const NOTHING: TransferPlan = { runs: [], asks: [], stop: [], lost: [], wakeAt: Number.POSITIVE_INFINITY };

/** One content on its way to the page: its pieces, its wants, and the origin's part in it. Decides; never sends. */
export class ContentTransfer {
  readonly content: ContentId;
  readonly geometry: Geometry;
  readonly pieces: Pieces;
  readonly wants: Wants;
  readonly origin: OriginFetches;
  readonly availability: Availability;
  readonly #options: EngineOptions;
  readonly #picker: Picker;
  #idleSince: number | undefined;
  /** When something was last on its way from peers, or wanted first. */
  #busyAt: number | undefined;
  readonly #missing = (piece: number): boolean => this.pieces.missing(piece);

  constructor(parts: {
    readonly content: ContentId;
    readonly geometry: Geometry;
    readonly have: Bitfield;
    readonly options: EngineOptions;
    readonly picker: Picker;
  }) {
    this.content = parts.content;
    this.geometry = parts.geometry;
    this.pieces = new Pieces(parts.geometry, parts.have, parts.options.chunkBytes);
    this.wants = new Wants(parts.geometry, parts.options);
    this.origin = new OriginFetches(parts.geometry);
    this.availability = new Availability(parts.geometry);
    this.#options = parts.options;
    this.#picker = parts.picker;
  }

  get complete(): boolean {
    return this.pieces.have.complete;
  }

  /** The geometry has grown. What is needed no more, and more than need be remembered, is forgotten. */
  grew(haves: readonly Bitfield[]): void {
    const { geometry, pieces, origin } = this;
    const needed = Math.min(this.wants.firstPiece, pieces.firstInWork, origin.firstPiece);
    geometry.forget(Math.min(needed, geometry.end - MAX_LIVE_PIECES));
    pieces.slide();
    origin.forget();
    this.availability.slide(haves);
    this.wants.touch();
  }

  /** What to ask of whom now: of peers always, of the origin when that is due. */
  plan(around: Surroundings): TransferPlan {
    if (this.wants.size === 0) this.#busyAt = undefined;
    if (this.wants.size === 0 && this.origin.count === 0) return NOTHING;
    const view = {
      geometry: this.geometry,
      pieces: this.pieces,
      wants: this.wants,
      origin: this.origin,
      availability: this.availability,
      picker: this.#picker,
      options: this.#options,
      windowed: this.wants.edges().length > 0,
      pieceBytes: this.geometry.pieceBytes,
      elsewhere: around.elsewhere,
      idle: this.#idle(around.now),
      mayBegin: (piece: number) => this.mayBegin(piece, around.elsewhere.unverifiedBytes),
      leftToOrigin: (piece: number) => this.#leftToOrigin(piece, around.now),
    };
    if (!around.withOrigin) {
      const due = this.wants.roughlyDue(this.#missing);
      const asks = planPeers(view, due, around.suppliers, around.now);
      return { ...NOTHING, asks };
    }
    // Whether peers may come is known only here.
    this.wants.alone = around.suppliers.length === 0 && !around.peersMayCome;
    const due = this.wants.due(this.#missing);
    const { content, geometry, pieces, availability } = this;
    const { dutyBlockBytes } = this.#options;
    const outlook = new Outlook({ around, pieces, geometry, availability, content, dutyBlockBytes });
    const originView = { ...view, idleSince: this.#idleSince };
    const part = originPart(originView, due, outlook, around.now);
    const stop = pointless(originView, part).map(({ fetch }) => fetch);
    for (const fetch of stop) this.origin.end(fetch);
    const asks = planPeers(view, due, around.suppliers, around.now);
    const runs = originRuns(originView, due, part, around.now);
    this.#noteIdle(asks.length + runs.length > 0, around.now);
    const backupAt = this.#idleSince === undefined ? part.wakeAt : around.now + this.#options.backupAfterMs;
    const lost = this.#lostCauses(due, outlook, around.now);
    return { asks, stop, runs, lost, wakeAt: Math.min(part.wakeAt, backupAt) };
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

  /** True while the piece may be held unverified, beside what this content and others hold so already. */
  mayBegin(piece: number, elsewhereBytes: number): boolean {
    const held = this.pieces.unverifiedBytes + elsewhereBytes;
    return held + this.geometry.length(piece) <= this.#options.maxUnverifiedBytes;
  }

  /** Ends the downloads that no want covers any more, and returns their pieces. */
  abandon(): number[] {
    const unwanted = [...this.pieces.downloads.keys()].filter((piece) => !this.wants.covers(piece));
    for (const piece of unwanted) this.pieces.drop(piece);
    return unwanted;
  }

  /** True when nothing has been on its way from peers for a while. */
  #idle(now: number): boolean {
    this.#busyAt ??= now;
    for (const download of this.pieces.downloads.values()) if (download.pending) this.#busyAt = now;
    return now >= this.#busyAt + this.#options.idleAfterMs;
  }

  /** Since when nothing is under way: by rank, who only waits for others takes over what is theirs. */
  #noteIdle(busy: boolean, now: number): void {
    const waiting = this.wants.size > 0 && !busy && this.origin.count === 0;
    const pending = () => [...this.pieces.downloads.values()].some((download) => download.pending);
    if (!waiting || pending()) {
      this.#idleSince = undefined;
      return;
    }
    this.#idleSince ??= now;
  }

  /** A small resource costs the origin less than the detour over a peer costs the page, while the origin answers. */
  #leftToOrigin(piece: number, now: number): boolean {
    const resource = this.geometry.resourceOf(piece);
    const { sizeBytes } = this.geometry.resource(resource);
    return sizeBytes <= this.#options.smallResourceBytes && this.origin.view(resource).retryAt <= now;
  }

  /**
   * Wants whose next pieces the origin refused and no peer may bring; each ends with the origin's own error. A connected
   * peer that fell silent may bring them yet, for a while: silent is not gone, and there is nobody else.
   */
  #lostCauses(due: readonly DuePiece[], outlook: Outlook, now: number): LostCause[] {
    const lost = new Map<WantId, RivuletError>();
    if (!this.origin.troubled) return [];
    for (const { piece, since } of due) {
      const resource = this.geometry.resourceOf(piece);
      const known = this.availability.of(piece) > 0 && now < since + LAST_HOPE_MS;
      const { lastError: error, stale, retryAt } = this.origin.view(resource);
      if (!error || this.origin.covering(piece)) continue;
      // The origin is asked again when its pause is over, so until then only its word counts.
      if (!stale && (retryAt <= now || known || outlook.prospect(piece) !== "none")) continue;
      for (const want of this.wants.ofResource(resource)) lost.set(want, error);
    }
    for (const want of lost.keys()) this.wants.remove(want);
    return Array.from(lost, ([want, error]) => ({ want, error }));
  }
}
