import { MIB } from "../base/bytes.ts";
import { second } from "../base/time.ts";

/** How Rivulet is set up. Only `signal` and `manifest` are needed. */
export interface RivuletOptions {
  /** The signaling server, a `ws:` or `wss:` URL. */
  readonly signal: string;
  /** The manifest that `rivulet manifest` wrote, a URL relative to the page. */
  readonly manifest: string;
  /**
   * The Ed25519 key (32 bytes as base64url) whose signature the manifest must bear, as a signaling server's manifest
   * service gives it. By default none: the manifest is believed because of where it comes from.
   */
  readonly manifestKey?: string | undefined;
  /** What the signaling server asks for to let this page in; a function is asked anew for each connection. */
  readonly token?: string | (() => string | Promise<string>);
  /** STUN and TURN servers, beside those that the signaling server names. Without any, only peers on reachable addresses connect. */
  readonly iceServers?: readonly RTCIceServer[];
  /** `relay`: peers are reached through TURN servers only, and learn no address of this visitor. */
  readonly iceTransportPolicy?: "all" | "relay";
  /** Where verified pieces are kept: `indexeddb` outlives the page, `memory` does not. */
  readonly store?: "indexeddb" | "memory";
  /** How many bytes of pieces the persistent store keeps; the least recently used go first. */
  readonly quotaBytes?: number;
  /** How many bytes of pieces are held in memory; at least 48 MiB. */
  readonly memoryBytes?: number;
  /** How long the first byte of a resource may wait for peers that are known to be there, ms. 0: never. */
  readonly patienceMs?: number;
  /** The pace that peers must keep after that, bytes per second; what would come later comes from the origin. */
  readonly minBytesPerSecond?: number;
  /** Whether the query of a media URL names another segment (`match`) or, as a signature, nothing (`ignore`). */
  readonly mediaQuery?: "ignore" | "match";
  /**
   * Globs of URL paths: only these resources come through Rivulet; the browser gets all others as if they were not
   * listed. `*` stays within a name, `**` crosses folders, and a glob without a slash means a file's name. Empty: all.
   */
  readonly include?: readonly string[];
  /** Globs of URL paths that are left to the browser, whatever `include` says. */
  readonly exclude?: readonly string[];
  /** Resources smaller than this, in bytes, are left to the browser. */
  readonly minBytes?: number;
  /** False: this page never uploads. */
  readonly upload?: boolean;
  /** Connections to peers, at most. */
  readonly maxConnections?: number;
  /** Peers served at once, at most. */
  readonly uploadSlots?: number;
  /** Uploads together, at most, bytes per second; `Infinity` for no limit but what the uplink bears. */
  readonly uploadBytesPerSecond?: number;
  /** Uploads altogether, for as long as this page is open, at most, bytes; after that it only takes. */
  readonly maxUploadBytes?: number;
  /** For a visitor whose browser says Global Privacy Control: no peers at all, only through TURN servers, or as for others. */
  readonly globalPrivacyControl?: "no-peers" | "relay" | "ignore";
  /** While the visitor has the browser save data. `no-peers`: no signaling server and no peers, only store and origin. */
  readonly saveData?: "no-uploads" | "no-peers" | "ignore";
  /** While the browser says that the connection is a mobile network's, or metered. */
  readonly metered?: "no-uploads" | "no-peers" | "ignore";
  /** While the device runs on battery: no uploads when the page is hidden, none at all, or as ever. */
  readonly battery?: "no-uploads-hidden" | "no-uploads" | "ignore";
}

export const DEFAULTS: Required<Omit<RivuletOptions, "signal" | "manifest">> = {
  manifestKey: undefined,
  token: "",
  iceServers: [],
  iceTransportPolicy: "all",
  store: "indexeddb",
  quotaBytes: 512 * MIB,
  memoryBytes: 96 * MIB,
  patienceMs: 2.5 * second,
  minBytesPerSecond: 1_000_000,
  mediaQuery: "ignore",
  include: [],
  exclude: [],
  minBytes: 0,
  upload: true,
  maxConnections: 12,
  uploadSlots: 8,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  maxUploadBytes: Number.POSITIVE_INFINITY,
  globalPrivacyControl: "no-peers",
  saveData: "no-uploads",
  metered: "no-uploads",
  battery: "no-uploads-hidden",
};

export type CheckedOptions = Required<RivuletOptions>;
