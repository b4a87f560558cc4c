import type { RivuletError } from "../../base/errors.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { RivuletStats } from "../../client/statistics.ts";

/** What the panel reads: a `Rivulet`, or anything of its shape. */
export interface PanelSource {
  readonly stats: RivuletStats;
  readonly state: string;
  /** Why everything comes from the origin, when it does. */
  readonly error: RivuletError | undefined;
  /** Which part this tab has among the browser's tabs, where they share one engine. */
  readonly role?: "leader" | "follower" | undefined;
  on<Name extends keyof RivuletEvents>(
    name: Name,
    listener: (event: RivuletEvents[Name]) => void,
  ): () => void;
}

/** The source as of one moment: its figures are put together anew each time that they are read. */
export type Snapshot = Pick<PanelSource, "stats" | "state" | "role">;

/** One part of the panel. */
export interface Part {
  readonly element: HTMLElement;
  update(now: Snapshot): void;
}

/** Adds a listener for as long as the panel is open. */
export type Listen = <Name extends keyof RivuletEvents>(
  name: Name,
  listener: (event: RivuletEvents[Name]) => void,
) => void;
