import type { ErrorCode } from "../../base/errors.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { Line } from "../../client/playback.ts";
import type { RivuletState } from "../../client/state.ts";
import type { RivuletStats } from "../../client/statistics.ts";
import type { Asking, Telling } from "../../client/tabs/relay-messages.ts";

/*
 * What the tabs of a site say to each other, on BroadcastChannels. All hear the room; each follower has a channel of its
 * own beside it, so that bytes for one are not copied for all.
 */

/** In the room. */
export type RoomMessage =
  /** A follower is here, and listens on the channel of its own. */
  | { readonly type: "hello"; readonly tab: string }
  /** From here on this tab leads. */
  | { readonly type: "leading" }
  /** The leader closes. What it had verified and not yet saved is the next leader's. */
  | { readonly type: "leaving"; readonly unsaved: readonly UnsavedPiece[] };

/** Bytes of a listed resource, verified, that no disk holds yet. */
export interface UnsavedPiece {
  readonly url: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What a follower knows of the leader's engine. */
export interface LeaderStatus {
  readonly state: RivuletState["state"];
  readonly error: { readonly code: ErrorCode; readonly message: string } | undefined;
  readonly stats: RivuletStats;
  readonly line: Line | undefined;
}

type EventName = keyof RivuletEvents;

/** From a follower to the leader, on its own channel. */
export type FollowerMessage =
  | Asking
  | { readonly type: "listen"; readonly name: EventName }
  | { readonly type: "gone" };

/** From the leader to one follower. */
export type LeaderMessage =
  | Telling
  | { readonly type: "status"; readonly status: LeaderStatus }
  /** The sizes of all listed resources by URL, once the engine runs. */
  | { readonly type: "listed"; readonly sizes: ReadonlyMap<string, number> }
  | { readonly type: "event"; readonly name: EventName; readonly event: unknown };
