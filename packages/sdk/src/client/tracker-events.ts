import type { RivuletError } from "../base/errors.ts";
import type { Input } from "../engine/io.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { LineListener, LineState } from "./tracker-line.ts";

/** What the tracker says, as inputs of the engine. */
export function trackerEvents(parts: {
  readonly input: (input: Input) => void;
  readonly links: PeerLinks;
  readonly onState: (state: LineState) => void;
  readonly problem: (error: RivuletError) => void;
  /** How long the tracker may take to be reached before it counts as no hope, ms. */
  readonly graceMs: number;
}): LineListener {
  const { input, links, onState, problem, graceMs } = parts;
  return {
    onState: (state) => {
      onState(state);
      if (state === "connecting") input({ type: "tracker", tracker: { state, graceMs } });
      else input({ type: "tracker", tracker: { state: state === "off" ? "down" : state } });
    },
    onReached: () => input({ type: "tracker", tracker: { state: "reached" } }),
    onPeers: (content, candidates, intervalMs) =>
      input({ type: "candidates", content, candidates, intervalMs }),
    onIntroduction: (introduction) => input({ ...introduction, type: "introduced" }),
    onUnknownPeer: (peer, dial) => links.unknown(peer, dial),
    onRefused: problem,
  };
}
