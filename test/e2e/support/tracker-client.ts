import { once } from "node:events";

const INSTALLED = new URL("../../incumbents/node_modules/", import.meta.url);

/** The replies that the client tells of: what the tracker sent, with the tracker's URL and the hash in hex beside it. */
export interface Counts {
  readonly complete: number;
  readonly incomplete: number;
  readonly downloaded?: number;
  readonly interval?: number;
  readonly infoHash: string;
}

interface AnnounceOptions {
  readonly numwant?: number;
  readonly left?: number;
}

/** A peer of its WebRTC library: a stream over one data channel. */
export interface Channel extends NodeJS.EventEmitter {
  /** The other peer's id, hex. */
  readonly id: string;
  send(bytes: Uint8Array): void;
  destroy(): void;
}

/** The little of bittorrent-tracker's client that is used here; it is not there to be type-checked. */
export interface TrackerClient extends NodeJS.EventEmitter {
  readonly peerId: string;
  start(options?: AnnounceOptions): void;
  update(options?: AnnounceOptions): void;
  complete(options?: AnnounceOptions): void;
  stop(options?: AnnounceOptions): void;
  scrape(options?: { readonly infoHash: readonly string[] }): void;
  destroy(): void;
}

export interface ClientSetup {
  /** Clients of one process share a socket where their URLs are the same. */
  readonly url: string;
  readonly infoHash: string;
  /** Any text of up to 12 characters; the same makes the same peer id. */
  readonly name: string;
  /** Bytes that it lacks. */
  readonly left: number;
}

/** Makes clients of bittorrent-tracker, with WebRTC from node-datachannel, and destroys them all in the end. */
export class TrackerClients {
  readonly #Client: new (
    options: object,
  ) => TrackerClient;
  readonly #clients: TrackerClient[] = [];
  readonly #channels: Channel[] = [];

  private constructor(Client: new (options: object) => TrackerClient) {
    this.#Client = Client;
  }

  static async load(): Promise<TrackerClients> {
    await sayWhenGathered();
    const { default: Client }: { default: new (options: object) => TrackerClient } = await installed(
      "bittorrent-tracker/client.js",
    );
    return new TrackerClients(Client);
  }

  make({ url, infoHash, name, left }: ClientSetup): TrackerClient {
    const client = new this.#Client({
      infoHash,
      peerId: Buffer.from(`-TR0001-${name.padEnd(12, "-")}`, "latin1").toString("hex"),
      announce: [url],
      port: 6881,
      rtcConfig: { iceServers: [] },
      getAnnounceOpts: () => ({ left }),
    });
    client.on("peer", (channel: Channel) => {
      this.#channels.push(channel);
      // It is cut with its client.
      channel.on("error", () => undefined);
    });
    this.#clients.push(client);
    return client;
  }

  /** While a channel is left, so is the thread of its WebRTC, and the process. */
  destroyAll(): void {
    for (const channel of this.#channels.splice(0)) channel.destroy();
    for (const client of this.#clients.splice(0)) client.destroy();
  }
}

/** The next event of one name; rejects with what the client warns of before. */
export async function next<Value>(client: TrackerClient, name: "update" | "scrape" | "peer"): Promise<Value> {
  const heeded = new AbortController();
  const { signal } = heeded;
  try {
    const warned = once(client, "warning", { signal }).then(([warning]) => Promise.reject(warning));
    const [value] = await Promise.race([once(client, name, { signal }), warned]);
    return value;
  } finally {
    heeded.abort();
  }
}

/**
 * The first channel of a client that opens. libdatachannel now and then checks the other's certificate before it knows
 * what to hold it against, when both are on one machine: `again` is for announcing again then, as clients do in time.
 */
export function opened(client: TrackerClient, again: () => void = () => undefined): Promise<Channel> {
  return new Promise((resolve) => {
    client.on("peer", (channel: Channel) => {
      channel.once("connect", () => resolve(channel));
      channel.once("error", again);
    });
  });
}

/** The next warning, as the client words it. */
export async function warning(client: TrackerClient): Promise<string> {
  const [error] = await once(client, "warning");
  return String(error);
}

/** Just the figures. */
export function counts({ complete, incomplete, downloaded }: Counts): object {
  return downloaded === undefined ? { complete, incomplete } : { complete, incomplete, downloaded };
}

/**
 * The standard says that a last candidate, null, follows the others (WebRTC 1.0 §4.4.1.3), and the client waits for it.
 * This WebRTC for Node leaves it out, so that each offer and each answer would come after the client's timeout of 5 s.
 */
async function sayWhenGathered(): Promise<void> {
  const { RTCPeerConnection }: { RTCPeerConnection: { readonly prototype: NodeConnection } } =
    await installed("webrtc-polyfill/index.js");
  const dispatch = EventTarget.prototype.dispatchEvent;
  RTCPeerConnection.prototype.dispatchEvent = function (this: NodeConnection, event) {
    const isDefault = dispatch.call(this, event);
    if (event.type === "icegatheringstatechange" && this.iceGatheringState === "complete")
      this.onicecandidate?.({ candidate: null });
    return isDefault;
  };
}

interface NodeConnection extends EventTarget {
  readonly iceGatheringState: string;
  readonly onicecandidate?: (event: { readonly candidate: null }) => void;
}

/** It is there only when it is run, so the compiler is not to look for it. */
function installed(file: string) {
  return import(new URL(file, INSTALLED).href);
}
