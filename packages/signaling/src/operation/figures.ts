import type { Counts, Protocol } from "./counts.ts";

/** What the manifest service did since the start. */
export interface ManifestFigures {
  readonly requests: number;
  readonly originFetches: number;
  /** Resources whose hashes were known already. */
  readonly cacheHits: number;
  /** Bytes that came from origins. */
  readonly originBytes: number;
}

/** How this process stands with the others that share its swarms. */
export interface ClusterFigures {
  /** Processes that are known to be alive, this one among them. */
  readonly processes: number;
  /** Whether the backplane is connected. */
  readonly up: boolean;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

/** A server as it is now, with all that it counted since its start. */
export interface Figures {
  readonly counts: Counts;
  readonly connections: Readonly<Record<Protocol, number>>;
  /** The option `maxConnections`. */
  readonly maxConnections: number;
  /** Peers that have said hello. */
  readonly peers: number;
  readonly rooms: Readonly<Record<Protocol, number>>;
  /** Memberships in all rooms together. */
  readonly members: Readonly<Record<Protocol, number>>;
  readonly draining: boolean;
  /** Undefined where there is no manifest service. */
  readonly manifests: ManifestFigures | undefined;
  /** Undefined where there is but one process. */
  readonly cluster: ClusterFigures | undefined;
}
