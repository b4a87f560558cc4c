import type { ContentId, PeerId } from "../../base/ids.ts";
import type { Random } from "../../base/random.ts";
import type { TokenBucket } from "../../base/token-bucket.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { PieceRun } from "../../protocol/piece-run.ts";
import type { EngineEvent } from "../events.ts";
import type { Effect, ReadId } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import type { Choker } from "../peers/choker.ts";
import type { Session } from "../peers/session.ts";
import type { Standing } from "../peers/standing.ts";
import type { Trail } from "../peers/trail.ts";
import type { UplinkEstimate } from "../peers/uplink.ts";
import type { UploadScheduler } from "../peers/upload-scheduler.ts";
import type { Announcer } from "../swarm/announcer.ts";
import type { Gossip } from "../swarm/gossip.ts";
import type { Membership } from "../swarm/membership.ts";
import type { Roster } from "../swarm/roster.ts";
import type { Routes } from "../swarm/routes.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";
import type { Spreader } from "../transfer/spreader.ts";

/** A read from the store that serves a peer's request. */
export interface PendingRead {
  readonly peer: PeerId;
  readonly request: number;
}

/** Of a content that we have all of, and several peers want: who is suggested what. */
interface Spreading {
  spreader: Spreader | undefined;
  /** When to look at it again, and when we did last. */
  dueAt: number;
  doneAt: number;
}

/** One content, and what the peers were told of it. */
export interface OpenContent {
  readonly transfer: ContentTransfer;
  /** False: no origin serves it. */
  readonly origin: boolean;
  /** Others are better fit to share the origin's work. */
  unfit: boolean;
  /** Verified since the last have frames went out. */
  news: number[];
  /** When the next have frames may go out. */
  haveAt: number;
  /** The version of the wants that peers know. */
  toldWants: number;
  /** What peers know that we are getting from the origin. */
  toldFetching: readonly PieceRun[];
  /** When the plan is to be made again, the origin's part included, though nothing happened. */
  wakeAt: number;
  /** When peers are to be asked again for what they did not suggest, though nothing happened. */
  peersAt: number;
  /** Something happened that the origin's part depends on: the next plan includes it. */
  originSoon: boolean;
  readonly spreading: Spreading;
  originPlannedAt: number;
}

/** All that the engine knows. The modules beside this file change it and append effects; nothing else does. */
export interface NodeState {
  readonly self: PeerId;
  readonly options: EngineOptions;
  readonly random: Random;
  readonly contents: Map<ContentId, OpenContent>;
  readonly sessions: Map<PeerId, Session>;
  readonly membership: Membership;
  readonly routes: Routes;
  readonly roster: Roster;
  readonly gossip: Gossip;
  readonly announcer: Announcer;
  readonly choker: Choker;
  readonly reads: Map<ReadId, PendingRead>;
  readonly scheduler: UploadScheduler;
  readonly standing: Standing;
  readonly trail: Trail;
  readonly uplink: UplinkEstimate;
  readonly bucket: TokenBucket;
  /** Those who may have requests that wait. */
  readonly waiting: Set<Session>;
  readonly effects: Effect[];
  now: number;
  uploadAllowed: boolean;
  /** What may be uploaded yet. */
  uploadLeftBytes: number;
  /** The tracker was told, or is about to be, that this peer takes no more connections. */
  full: boolean;
  /** Something happened that may change who is asked for what: the whole plan is made anew now. */
  replan: boolean;
  /** A peer has nothing left to send: peers are asked for more now. */
  refill: boolean;
  /** Something small happened, as it does hundreds of times a second: it may wait for the next few like it. */
  replanSoon: boolean;
  plannedAt: number;
  /** No connection needs to be looked at before. */
  watchAt: number;
  /** Somebody's interest or presence changed: the slots may be filled anew. */
  rechoke: boolean;
  /** What the peers have or want of us changed: a seeder may suggest other pieces to them. */
  spreadSoon: boolean;
  /** When a peer last asked for something. */
  requestedAt: number;
  chokeAt: number;
  /** When slots that nobody uses are given to others. */
  fillAt: number;
  /** Until then the bucket has no tokens for the next upload. */
  serveAt: number;
  nextId: number;
}

/** The next plan of the content comes without a rest, and includes the origin's part. */
export function planAtOnce(open: OpenContent): void {
  open.originPlannedAt = Number.NEGATIVE_INFINITY;
}

export function send(state: NodeState, peer: PeerId, frame: Frame): void {
  state.effects.push({ type: "send", peer, frame });
}

export function tell(state: NodeState, event: EngineEvent): void {
  state.effects.push({ type: "event", event });
}

/** A number that was not used before: for requests, reads and fetches. */
export function freshId(state: NodeState): number {
  state.nextId = (state.nextId + 1) >>> 0 || 1;
  return state.nextId;
}
