import type { Tracker, TrackerEvents } from "../engine/ports.ts";

/** The tracker's events, with its state as one of them. */
export type LineListener = Omit<TrackerEvents, "onUp" | "onDown"> & {
  onState(state: "connecting" | "up" | "down"): void;
};

/** A tracker's link that may be opened before anybody listens: only its state is remembered until then. */
export interface TrackerLine {
  readonly tracker: Tracker;
  readonly state: "connecting" | "up" | "down";
  /** From now on tells the listener; its state at once. */
  listen(listener: LineListener): void;
}

export function openTracker(open: (events: TrackerEvents) => Tracker): TrackerLine {
  let state: TrackerLine["state"] = "connecting";
  let listener: LineListener | undefined;
  const became = (next: TrackerLine["state"]) => {
    state = next;
    listener?.onState(next);
  };
  const tracker = open({
    onUp: () => became("up"),
    onDown: () => became("down"),
    onPeers: (...event) => listener?.onPeers(...event),
    onIntroduction: (introduction) => listener?.onIntroduction(introduction),
    onUnknownPeer: (peer, dial) => listener?.onUnknownPeer(peer, dial),
    onRefused: (error) => listener?.onRefused(error),
  });
  return {
    tracker,
    get state() {
      return state;
    },
    listen(given) {
      listener = given;
      given.onState(state);
    },
  };
}
