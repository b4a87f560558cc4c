/** What the panel reads of a Rivulet, as narrow as it needs: any object of this shape can be shown. */
export interface LiveRivulet {
  readonly stats: LiveStats;
  /** Why everything comes from the origin, when it does. */
  readonly error?: { readonly message: string } | undefined;
  on<Name extends keyof LiveEvents>(name: Name, listener: (event: LiveEvents[Name]) => void): () => void;
  destroy(): Promise<void>;
}

export interface LiveEvents {
  stats: LiveStats;
  "peer-connected": { readonly peer: string };
  "peer-disconnected": { readonly peer: string; readonly reason: string };
  "peer-banned": { readonly peer: string; readonly reason: string };
  tracker: { readonly state: TrackerState };
  problem: { readonly code: string; readonly message: string };
}

export type TrackerState = "off" | "connecting" | "up" | "down";

export interface LivePeer {
  readonly peer: string;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly downloadBytesPerSecond: number;
}

export interface LiveResource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly originBytes: number;
  readonly peerBytes: number;
  readonly storeBytes: number;
  readonly peers: Readonly<Record<string, number>>;
}

export interface LiveStats {
  readonly peer: string;
  readonly tracker: TrackerState;
  readonly originBytes: number;
  readonly peerBytes: number;
  readonly storeBytes: number;
  readonly offloadRatio: number;
  readonly uploadedBytes: number;
  readonly wastedBytes: number;
  readonly peers: readonly LivePeer[];
  readonly resources: readonly LiveResource[];
}
