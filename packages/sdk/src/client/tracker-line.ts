import type { RivuletError } from "../base/errors.ts";
import type { ContentId } from "../base/ids.ts";
import type { Announcement } from "../engine/io.ts";
import type { Tracker, TrackerEvents } from "../engine/ports.ts";

/** What the link is doing; `off`: there is to be none. */
export type LineState = "off" | "connecting" | "up" | "down";

/** The tracker's events, with its state as one of them. */
export type LineListener = Omit<TrackerEvents, "onUp" | "onDown"> & {
  onState(state: LineState): void;
};

/**
 * A tracker's link that may be opened before anybody listens: its state and a refusal are remembered until then. It may
 * be closed for a while; what was announced is announced again on the next link.
 */
export interface TrackerLine {
  readonly tracker: Tracker;
  readonly state: LineState;
  /** From now on tells the listener; its state, and why it was refused, at once. */
  listen(listener: LineListener): void;
  /** Whether there is to be a link. */
  allow(allowed: boolean): void;
}

export function openTracker(open: (events: TrackerEvents) => Tracker, allowed = true): TrackerLine {
  let state: LineState = "off";
  let link: Tracker | undefined;
  let listener: LineListener | undefined;
  let refusal: RivuletError | undefined;
  let isReached = false;
  const announced = new Map<ContentId, Announcement>();
  const became = (next: LineState) => {
    isReached = false;
    state = next;
    listener?.onState(next);
  };
  const events: TrackerEvents = {
    onReached: () => {
      isReached = state === "connecting";
      if (isReached) listener?.onReached();
    },
    onUp: () => became("up"),
    onDown: () => became("down"),
    onPeers: (...event) => listener?.onPeers(...event),
    onIntroduction: (introduction) => listener?.onIntroduction(introduction),
    onUnknownPeer: (peer, dial) => listener?.onUnknownPeer(peer, dial),
    onRefused: (error) => {
      if (listener) listener.onRefused(error);
      else refusal = error;
    },
  };
  const line: TrackerLine = {
    tracker: {
      announce: (content, announcement) => {
        announced.set(content, announcement);
        link?.announce(content, announcement);
      },
      leave: (content) => {
        announced.delete(content);
        link?.leave(content);
      },
      introduce: (introduction) => link?.introduce(introduction),
      close: () => link?.close(),
    },
    get state() {
      return state;
    },
    listen(given) {
      listener = given;
      given.onState(state);
      if (isReached) given.onReached();
      if (refusal) given.onRefused(refusal);
      refusal = undefined;
    },
    allow(allowed) {
      if (allowed === (link !== undefined)) return;
      link?.close();
      link = allowed ? open(events) : undefined;
      became(allowed ? "connecting" : "off");
      for (const [content, announcement] of announced) link?.announce(content, announcement);
    },
  };
  line.allow(allowed);
  return line;
}
