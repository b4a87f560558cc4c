import type { TrackerSocketOptions } from "../../adapters/tracker-socket.ts";
import type { Random } from "../../base/random.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";
import type { Hasher, Tracker, Transport } from "../../engine/ports.ts";
import type { ShareEvents, ShareProgress } from "./share-events.ts";

/** The world as a share sees it, disks aside. */
export interface ShareWorld {
  /** ms, any epoch, never going back. */
  readonly now: () => number;
  readonly random: Random;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly hasher: Hasher;
  /** Its connections use what the signaling server names, too. */
  transport(options: Pick<ShareSettings, "iceServers" | "iceTransportPolicy">): Transport;
  tracker(options: Omit<TrackerSocketOptions, "random" | "onIceServers">): Tracker;
}

/** What both ends are told, as checked. */
export interface ShareSettings {
  readonly signal: string;
  readonly token: string | (() => string | Promise<string>);
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: "all" | "relay";
  /** Undefined or empty: none. */
  readonly password: string | undefined;
  /** Bytes per second; `Infinity`: what the uplink bears. */
  readonly uploadBytesPerSecond: number;
}

/** A share under way, at either end. */
export interface RunningShare {
  readonly files: readonly SharedFile[];
  readonly progress: ShareProgress;
  on<Name extends keyof ShareEvents>(name: Name, listener: (event: ShareEvents[Name]) => void): () => void;
  /** A receiver: settles when all is on disk. A sender: when all is hashed. Rejects when neither will be. */
  readonly done: Promise<void>;
  /** A file of which everything is here; a sender knows all, once hashed. */
  has(file: number): boolean;
  /** Says goodbye to everybody, for when the program ends at once: a silent end costs the others seconds. */
  leave(): void;
  /** Ends all connections and closes the disk's side. */
  stop(): Promise<void>;
  /** As `stop`, and a receiver's disk is cleared. */
  discard(): Promise<void>;
}
