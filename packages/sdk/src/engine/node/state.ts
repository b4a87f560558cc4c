import type { ContentId, PeerId } from "../../base/ids.ts";
import type { Random } from "../../base/random.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { EngineEvent } from "../events.ts";
import type { Effect, ReadId } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import type { Choker } from "../peers/choker.ts";
import type { Session } from "../peers/session.ts";
import type { Announcer } from "../swarm/announcer.ts";
import type { Gossip } from "../swarm/gossip.ts";
import type { Membership } from "../swarm/membership.ts";
import type { Roster } from "../swarm/roster.ts";
import type { Routes } from "../swarm/routes.ts";
import type { ContentTransfer } from "../transfer/content-transfer.ts";

/** A read from the store that serves a peer's request. */
export interface PendingRead {
  readonly peer: PeerId;
  readonly request: number;
}

/** One content, and what the peers were told of it. */
export interface OpenContent {
  readonly transfer: ContentTransfer;
  /** Verified since the last have frames went out. */
  news: number[];
  /** When the next have frames may go out. */
  haveAt: number;
  /** The version of the wants that peers know. */
  toldWants: number;
  /** When the plan is to be made again though nothing happened. */
  wakeAt: number;
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
  readonly effects: Effect[];
  now: number;
  uploadAllowed: boolean;
  /** Something happened that may change who is asked for what: the plan is made anew now. */
  replan: boolean;
  /** Something small happened, as it does hundreds of times a second: it may wait for the next few like it. */
  replanSoon: boolean;
  plannedAt: number;
  /** Somebody's interest or presence changed: the slots may be filled anew. */
  rechoke: boolean;
  chokeAt: number;
  nextId: number;
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
