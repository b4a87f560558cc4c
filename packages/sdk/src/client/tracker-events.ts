import type { Emitter } from "../base/emitter.ts";
import type { RivuletError } from "../base/errors.ts";
import type { Input } from "../engine/io.ts";
import type { RivuletEvents } from "./events.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { LineListener } from "./tracker-line.ts";

/** What the tracker says, as inputs of the engine. */
export function trackerEvents(parts: {
  readonly input: (input: Input) => void;
  readonly links: PeerLinks;
  readonly emitter: Emitter<RivuletEvents>;
  readonly problem: (error: RivuletError) => void;
  /** How long the tracker may take before it counts as no hope, ms. */
  readonly graceMs: number;
}): LineListener {
  const { input, links, emitter, problem, graceMs } = parts;
  const connecting = { state: "connecting", graceMs } as const;
  return {
    onState: (state) => {
      emitter.emit("tracker", { state });
      input({ type: "tracker", tracker: state === "connecting" ? connecting : { state } });
    },
    // Who opened the link will greet; most of the round trips that the grace is made of are behind it.
    onReached: () => input({ type: "tracker", tracker: { ...connecting, graceMs: graceMs / 2 } }),
    onPeers: (content, candidates, intervalMs) =>
      input({ type: "candidates", content, candidates, intervalMs }),
    onIntroduction: (introduction) => input({ ...introduction, type: "introduced" }),
    onUnknownPeer: (peer, dial) => links.unknown(peer, dial),
    onRefused: problem,
  };
}
