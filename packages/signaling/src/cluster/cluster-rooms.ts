import type { Delivery } from "../delivery.ts";
import type { Entry, ProcessId } from "../elsewhere.ts";

/** A member of a room that is connected to this process. */
export interface OwnEntry {
  /** In rooms of `r:` the peer's id; in rooms of `w:` any name that its process knows it by. */
  readonly peer: string;
  readonly entry: Entry;
}

/** A member of a room that is connected to another process. */
export interface EntryElsewhere {
  readonly home: ProcessId;
  readonly room: string;
  readonly peer: string;
  /** What its process says of it. Not checked: an error over there must not bring this process down. */
  readonly entry: unknown;
  /** It has just joined or changed there, as against a list of all who are there: an older connection is over. */
  readonly isNews: boolean;
  readonly now: number;
}

/** What the cluster needs of those who keep the rooms. A room's key is `r:` or `w:`, then the content in hex. */
export interface ClusterRooms {
  /** This process's own members of a room. */
  entries(room: string, now: number): readonly OwnEntry[];
  /** A peer that is connected here too stays here, unless it is news: then its connection here is closed as `replaced`. */
  put(member: EntryElsewhere): Delivery[];
  /** To be ignored when the peer has been put for another process, or is connected here. */
  gone(home: ProcessId, room: string, peer: string): void;
  /** Everybody who was connected to that process is gone. */
  lost(home: ProcessId): void;
  /** What `carry` was given over there. Not checked. */
  carried(home: ProcessId, payload: unknown, now: number): Delivery[];
}
