import type { Emitter } from "../base/emitter.ts";
import type { RivuletError } from "../base/errors.ts";
import { second } from "../base/time.ts";
import type { RivuletStats } from "./statistics.ts";

/** What a `Rivulet` tells its listeners. */
export interface RivuletEvents {
  /** Emitted when the figures changed, at most twice a second. */
  stats: RivuletStats;
  /** Emitted when a piece was verified, wherever it came from. */
  piece: {
    readonly path: string;
    readonly bytes: number;
    readonly source: { readonly from: "origin" | "peer" | "store"; readonly peer?: string };
  };
  /** Emitted when a data channel to a peer opened. */
  "peer-connected": { readonly peer: string };
  /** Emitted when a peer's connection ended, whoever ended it. */
  "peer-disconnected": { readonly peer: string; readonly reason: string };
  /** Emitted when a peer proved to send wrong bytes or to break the protocol, and was cut for good. */
  "peer-banned": { readonly peer: string; readonly reason: string };
  /** Emitted when the link to the signaling server changed. */
  tracker: { readonly state: RivuletStats["tracker"] };
  /**
   * Emitted when something is wrong that the site's owner can mend: a bad option, no WebRTC, a stale manifest, no
   * storage. The page goes on, from the origin where need be.
   */
  problem: RivuletError;
}

const STATS_EVERY_MS = second / 2;

/** Emits the figures whenever they changed and somebody listens. The function it returns ends that. */
export function tellStats(emitter: Emitter<RivuletEvents>, current: () => RivuletStats): () => void {
  let before = "";
  const timer = setInterval(() => {
    if (!emitter.has("stats")) return;
    const stats = current();
    const told = JSON.stringify(stats);
    if (told !== before) emitter.emit("stats", stats);
    before = told;
  }, STATS_EVERY_MS);
  return () => clearInterval(timer);
}
