import type { PieceSource } from "../engine/events.ts";
import type { PeerReport } from "../engine/node.ts";
import type { Catalog } from "./catalog.ts";

/** Bytes handed to the page, by where they came from. */
export interface BytesBySource {
  readonly originBytes: number;
  readonly peerBytes: number;
  /** This browser had them: kept from an earlier visit, or come past Rivulet and taken in by `adopt`. */
  readonly storeBytes: number;
}

export interface ResourceStats extends BytesBySource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Bytes from each peer, by peer id. */
  readonly peers: Readonly<Record<string, number>>;
}

export interface PeerStats {
  readonly peer: string;
  /** Content bytes received from it and sent to it, whether they were needed or not. */
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  /** Over the last four seconds. */
  readonly downloadBytesPerSecond: number;
  readonly uploadBytesPerSecond: number;
}

export interface RivuletStats extends BytesBySource {
  /** This page's own peer id; empty while starting, or when everything comes from the origin. */
  readonly peer: string;
  /** The link to the signaling server; `off` when everything comes from the origin. */
  readonly tracker: "off" | "connecting" | "up" | "down";
  /** Bytes from peers ÷ all bytes handed to the page, 0 to 1. */
  readonly offloadRatio: number;
  readonly uploadedBytes: number;
  /** Bytes of pieces that were thrown away because they were wrong. */
  readonly wastedBytes: number;
  readonly peers: readonly PeerStats[];
  /** Resources of which the page was handed anything. */
  readonly resources: readonly ResourceStats[];
}

type Tally = { -readonly [Key in keyof BytesBySource]: number } & { readonly peers: Map<string, number> };

const BYTES_FROM = { origin: "originBytes", peer: "peerBytes", store: "storeBytes" } as const;

function tally(): Tally {
  return { originBytes: 0, peerBytes: 0, storeBytes: 0, peers: new Map() };
}

/** Counts what is delivered. Nothing is decided by it. */
export class Statistics {
  readonly #total = tally();
  readonly #resources = new Map<number, Tally>();
  #uploadedBytes = 0;
  #wastedBytes = 0;

  delivered(one: { readonly resource: number; readonly bytes: number; readonly source: PieceSource }): void {
    let resource = this.#resources.get(one.resource);
    if (!resource) {
      resource = tally();
      this.#resources.set(one.resource, resource);
    }
    for (const counted of [this.#total, resource]) {
      counted[BYTES_FROM[one.source.from]] += one.bytes;
      if (one.source.from === "peer") {
        counted.peers.set(one.source.peer, (counted.peers.get(one.source.peer) ?? 0) + one.bytes);
      }
    }
  }

  get storeBytes(): number {
    return this.#total.storeBytes;
  }

  uploaded(bytes: number): void {
    this.#uploadedBytes += bytes;
  }

  wasted(bytes: number): void {
    this.#wastedBytes += bytes;
  }

  report(now: {
    readonly peer: string;
    readonly tracker: RivuletStats["tracker"];
    readonly peers: readonly PeerReport[];
    readonly catalog: Catalog | undefined;
  }): RivuletStats {
    const { originBytes, peerBytes, storeBytes } = this.#total;
    const all = originBytes + peerBytes + storeBytes;
    // What a live content forgot is in the sums still.
    for (const index of this.#resources.keys())
      if (now.catalog?.geometry.knows(index) === false) this.#resources.delete(index);
    const resources = Array.from(this.#resources, ([index, counted]) => {
      const { path, sizeBytes } = now.catalog?.resource(index) ?? { path: "", sizeBytes: 0 };
      return { path, sizeBytes, ...counted, peers: Object.fromEntries(counted.peers) };
    });
    return {
      peer: now.peer,
      tracker: now.tracker,
      originBytes,
      peerBytes,
      storeBytes,
      offloadRatio: all === 0 ? 0 : peerBytes / all,
      uploadedBytes: this.#uploadedBytes,
      wastedBytes: this.#wastedBytes,
      peers: now.peers,
      resources,
    };
  }
}
