import type { RivuletError } from "../base/errors.ts";
import type { ContentId, DialId, PeerId } from "../base/ids.ts";
import type { Bitfield } from "../content/bitfield.ts";
import type { Geometry } from "../content/geometry.ts";
import type { Frame } from "../protocol/frame.ts";
import type { ByeReason } from "../protocol/frames/bye.ts";
import type { Payload } from "../protocol/payload.ts";
import type { EngineEvent, PieceSource } from "./events.ts";

/** Numbers that the engine or its runner makes up to match a result with what asked for it. */
export type WantId = number;
export type OriginFetchId = number;
export type ReadId = number;

/** How long the page is willing to wait for peers before the origin is asked; see docs/architecture.md, deadlines. */
export interface Patience {
  /** How long the first byte may wait for peers, ms. 0: never wait. */
  readonly firstByteMs: number;
  /** How long hope in peers that nobody has seen yet may last, ms; as long as `firstByteMs` when left out. */
  readonly strangersMs?: number;
  /** After that, all that the page waits for is due at this pace, in the order it was wanted, bytes per second. */
  readonly minBytesPerSecond: number;
}

/** A byte range of a resource that the page waits for, delivered in order. */
export interface Want {
  readonly want: WantId;
  readonly content: ContentId;
  readonly resource: number;
  /** Bytes [start, end) of the resource. */
  readonly start: number;
  readonly end: number;
  readonly patience: Patience;
  /** True for media that is being played: neighbours hear what is fetched for it from the origin. */
  readonly playing?: boolean;
}

/** The tracker's link. `connecting` is hope for peers for its grace, `reached` and being greeted as long as an announce. */
export type TrackerState =
  | { readonly state: "connecting"; readonly graceMs: number }
  | { readonly state: "reached" | "up" | "down" };

/** A peer that the tracker handed out for a content. */
export interface Candidate {
  readonly peer: PeerId;
  readonly complete: boolean;
}

/** What this peer tells the tracker of itself as a member of a swarm; see the protocol's announce. */
export interface Announcement {
  /** How many peers it would like to hear of. */
  readonly want: number;
  readonly complete: boolean;
  /** `Bitfield.sketch` of its pieces. */
  readonly have?: string;
  /** How many further connections it takes; 0: it is full. */
  readonly free?: number;
}

/** One step of an introduction: an offer, an answer, a candidate, or `{ type: "refuse" }`. */
export interface Introduction {
  readonly content: ContentId;
  /** Names the attempt; its dialler chose it. */
  readonly dial: DialId;
  readonly signal: object;
}

/**
 * Everything that can happen to the engine. Each carries what happened; the time is given to `step` beside it.
 * `queuedBytes` is what all channels together hold that has not left yet: how fast it goes down is what the uplink
 * carries; without it uploads are not paced by the uplink.
 */
export type Input =
  | { readonly type: "tick" }
  // what the page wants; while its geometry is awaited only peers are sought for a content, until it is added again
  | {
      readonly type: "content-added";
      readonly content: ContentId;
      readonly geometry: Geometry;
      readonly have: Bitfield;
      /** False for what no origin serves: peers are all there is. */
      readonly origin?: boolean;
    }
  /** A live content's geometry has grown since the last input. */
  | { readonly type: "content-grew"; readonly content: ContentId }
  | { readonly type: "content-removed"; readonly content: ContentId }
  | { readonly type: "wanted"; readonly want: Want }
  | { readonly type: "consumed"; readonly want: WantId; readonly position: number }
  | { readonly type: "want-cancelled"; readonly want: WantId }
  | { readonly type: "upload-allowed"; readonly allowed: boolean }
  // the tracker
  | { readonly type: "tracker"; readonly tracker: TrackerState }
  | {
      readonly type: "candidates";
      readonly content: ContentId;
      readonly candidates: readonly Candidate[];
      readonly intervalMs: number;
    }
  // peers
  | {
      readonly type: "offered";
      readonly peer: PeerId;
      readonly content: ContentId;
      /** Of the introduction that brought the offer. */
      readonly dial?: DialId;
    }
  // our side of a dial has something to tell the other; the tracker brought what the other side said
  | ({ readonly type: "signal"; readonly peer: PeerId } & Introduction)
  | ({ readonly type: "introduced"; readonly from: PeerId } & Introduction)
  | { readonly type: "connected"; readonly peer: PeerId }
  | { readonly type: "disconnected"; readonly peer: PeerId }
  | { readonly type: "frame"; readonly peer: PeerId; readonly frame: Frame }
  | { readonly type: "malformed"; readonly peer: PeerId; readonly error: RivuletError }
  | { readonly type: "congested"; readonly peer: PeerId; readonly queuedBytes?: number }
  | { readonly type: "writable"; readonly peer: PeerId; readonly queuedBytes?: number }
  // pieces; one that is `found` came some other way, verified by others; without data it is where it is read from already
  | { readonly type: "found"; readonly content: ContentId; readonly piece: number; readonly data?: Payload }
  | { readonly type: "verified"; readonly content: ContentId; readonly piece: number; readonly data: Payload }
  | { readonly type: "corrupt"; readonly content: ContentId; readonly piece: number }
  | { readonly type: "lost"; readonly content: ContentId; readonly piece: number }
  /** Without data: the store no longer has the piece. */
  | {
      readonly type: "read";
      readonly read: ReadId;
      readonly data: Payload | undefined;
      readonly queuedBytes?: number;
    }
  // the origin
  | {
      readonly type: "origin-piece";
      readonly fetch: OriginFetchId;
      readonly piece: number;
      readonly data: Payload;
    }
  | { readonly type: "origin-whole" | "origin-done"; readonly fetch: OriginFetchId }
  | { readonly type: "origin-failed"; readonly fetch: OriginFetchId; readonly failure: OriginFailure };

/**
 * Why a fetch ended early. `unreachable`: no answer, or none that is final, after the adapter's own retries. `missing`: a
 * final no, such as 404. `changed`: the origin now has other bytes.
 */
export interface OriginFailure {
  readonly kind: "unreachable" | "missing" | "changed";
  readonly error: RivuletError;
}

/** Everything that the engine asks of the world. Effects are performed in order. */
export type Effect =
  // the tracker
  | ({ readonly type: "announce"; readonly content: ContentId } & Announcement)
  | { readonly type: "leave"; readonly content: ContentId }
  | ({ readonly type: "introduce"; readonly to: PeerId } & Introduction)
  // peers
  | { readonly type: "dial"; readonly peer: PeerId; readonly content: ContentId }
  | { readonly type: "accept"; readonly peer: PeerId }
  | { readonly type: "refuse"; readonly peer: PeerId }
  // what the other side of a dial said, or, new to us, its offer, which comes back as `offered`
  | ({ readonly type: "introduced"; readonly from: PeerId } & Introduction)
  | { readonly type: "hang-up"; readonly peer: PeerId; readonly reason: ByeReason }
  | { readonly type: "send"; readonly peer: PeerId; readonly frame: Frame }
  // pieces: check the concatenated parts against the piece's hash; `verified` bytes must be stored before anything else
  | {
      readonly type: "verify";
      readonly content: ContentId;
      readonly piece: number;
      readonly parts: readonly Payload[];
    }
  | { readonly type: "store"; readonly content: ContentId; readonly piece: number; readonly data: Payload }
  | {
      readonly type: "read";
      readonly read: ReadId;
      readonly content: ContentId;
      readonly piece: number;
      readonly offset: number;
      readonly length: number;
    }
  // the origin: whole pieces of one resource; `whole` asks for the entire resource without a Range header
  | {
      readonly type: "fetch-origin";
      readonly fetch: OriginFetchId;
      readonly content: ContentId;
      readonly resource: number;
      readonly first: number;
      readonly count: number;
      readonly whole: boolean;
    }
  | { readonly type: "cancel-origin"; readonly fetch: OriginFetchId }
  // the page: the piece is in the store; hand bytes [start, end) of the resource, all within it, to the want
  | {
      readonly type: "deliver";
      readonly source: PieceSource;
      readonly want: WantId;
      readonly content: ContentId;
      readonly piece: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly type: "want-failed"; readonly want: WantId; readonly error: RivuletError }
  | { readonly type: "event"; readonly event: EngineEvent };
