import type { Emitter } from "../base/emitter.ts";
import type { RivuletError } from "../base/errors.ts";
import type { Input } from "../engine/io.ts";
import type { TrackerGrace } from "./delivery-parts.ts";
import type { RivuletEvents } from "./events.ts";
import type { PeerLinks } from "./peer-links.ts";
import type { LineListener } from "./tracker-line.ts";

/** What the tracker says, as inputs of the engine. */
export function trackerEvents(parts: {
  readonly input: (input: Input) => void;
  readonly links: PeerLinks;
  readonly emitter: Emitter<RivuletEvents>;
  readonly problem: (error: RivuletError) => void;
  readonly grace: TrackerGrace;
}): LineListener {
  const { input, links, emitter, problem, grace } = parts;
  const connecting = { state: "connecting", graceMs: grace.leftMs } as const;
  return {
    onState: (state) => {
      emitter.emit("tracker", { state });
      const tracker = state === "connecting" ? connecting : { state: state === "off" ? "down" : state };
      input({ type: "tracker", tracker });
    },
    // Who opened the link will greet; most of the round trips that the grace is made of are behind it.
    onReached: () => input({ type: "tracker", tracker: { ...connecting, graceMs: grace.welcomeMs } }),
    onPeers: (content, candidates, intervalMs) =>
      input({ type: "candidates", content, candidates, intervalMs }),
    onIntroduction: (introduction) => input({ ...introduction, type: "introduced" }),
    onUnknownPeer: (peer, dial) => links.unknown(peer, dial),
    onRefused: problem,
  };
}
