import type { RivuletError } from "../base/errors.ts";
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
