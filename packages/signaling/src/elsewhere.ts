/** The random name of one run of one server process. */
export type ProcessId = string;

/** What is said of a member to the other processes: any JSON, checked by who hears it. */
export type Entry = Readonly<Record<string, unknown>>;

/** The other processes that share the rooms of this one. A room's key says whose it is: `r:` or `w:`, then the content. */
export interface Elsewhere {
  /** The first member of a room has connected here. */
  opened(room: string): void;
  /** The last one has gone. */
  emptied(room: string): void;
  /** A member here joined, or changed. */
  put(room: string, peer: string, entry: Entry): void;
  gone(room: string, peer: string): void;
  /** Has something carried to that process; false when it is not known to be alive. */
  carry(home: ProcessId, payload: Entry): boolean;
}

/** A server that is alone. */
export const NOWHERE: Elsewhere = {
  opened: () => {},
  emptied: () => {},
  put: () => {},
  gone: () => {},
  carry: () => false,
};
