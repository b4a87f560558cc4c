import type { RivuletError } from "../../base/errors.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { Line, RivuletRequestInit } from "../../client/playback.ts";
import type { RivuletState } from "../../client/state.ts";
import type { RivuletStats } from "../../client/statistics.ts";

/** This tab as it serves its page: as the leader, which has the engine, or as a follower, which asks the leader. */
export interface Tab {
  readonly role: "leader" | "follower";
  readonly state: RivuletState["state"];
  readonly error: RivuletError | undefined;
  /** Undefined before there are any. */
  readonly stats: RivuletStats | undefined;
  readonly line: Line | undefined;
  /** Settles when `state` is no longer `starting`. Never rejects. */
  readonly started: Promise<void>;
  sizeOf(url: string): number | undefined;
  /** Undefined for what only the origin can answer. */
  fetchListed(url: string, init: RivuletRequestInit): Promise<Response | undefined>;
  /** From here on events of this name are emitted. */
  listen(name: keyof RivuletEvents): void;
  /** `lingerMs`: what is under way may go on for so long. */
  close(lingerMs?: number): Promise<void>;
}

/** Where a tab's events go. */
export type Emit = <Name extends keyof RivuletEvents>(name: Name, event: RivuletEvents[Name]) => void;
