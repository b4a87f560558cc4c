import type { RivuletError } from "../base/errors.ts";
import type { Tracker, TrackerEvents } from "../engine/ports.ts";

/** The tracker's events, with its state as one of them. */
export type LineListener = Omit<TrackerEvents, "onUp" | "onDown"> & {
  onState(state: "connecting" | "up" | "down"): void;
};

/** A tracker's link that may be opened before anybody listens: its state and a refusal are remembered until then. */
export interface TrackerLine {
  readonly tracker: Tracker;
  readonly state: "connecting" | "up" | "down";
  /** From now on tells the listener; its state, and why it was refused, at once. */
  listen(listener: LineListener): void;
}

export function openTracker(open: (events: TrackerEvents) => Tracker): TrackerLine {
  let state: TrackerLine["state"] = "connecting";
  let listener: LineListener | undefined;
  let refusal: RivuletError | undefined;
  const became = (next: TrackerLine["state"]) => {
    state = next;
    listener?.onState(next);
  };
  const tracker = open({
    onReached: () => {
      if (state === "connecting") listener?.onReached();
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
  });
  return {
    tracker,
    get state() {
      return state;
    },
    listen(given) {
      listener = given;
      given.onState(state);
      if (refusal) given.onRefused(refusal);
      refusal = undefined;
    },
  };
}
