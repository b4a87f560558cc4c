import { KIB, MIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { second } from "../base/time.ts";
import { parseUrl } from "./url.ts";

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
  /** False: this page never uploads. */
  readonly upload?: boolean;
  /** Connections to peers, at most. */
  readonly maxConnections?: number;
  /** Peers served at once, at most. */
  readonly uploadSlots?: number;
  /** Uploads together, at most, bytes per second; `Infinity` for no limit but what the uplink bears. */
  readonly uploadBytesPerSecond?: number;
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
  upload: true,
  maxConnections: 12,
  uploadSlots: 8,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
};

export const LEAST_MEMORY_BYTES = 48 * MIB;
export const LEAST_UPLOAD_BYTES_PER_SECOND = 32 * KIB;

export type CheckedOptions = Required<RivuletOptions>;

const KNOWN = ["signal", "manifest", ...Object.keys(DEFAULTS)];

type Rule = readonly [name: keyof RivuletOptions, holds: (given: unknown) => boolean, what: string];

/** What options must be, the two URLs aside. */
const RULES: readonly Rule[] = [
  [
    "manifestKey",
    (given) => given === undefined || (typeof given === "string" && /^[\w-]{43}$/.test(given)),
    "an Ed25519 key: 43 characters",
  ],
  [
    "iceServers",
    // A wrong one would only show when the first peer is dialled, as a connection that fails.
    (given) => Array.isArray(given) && given.every(isIceServer),
    'a list of RTCIceServer objects, such as [{ urls: "stun:stun.example" }]',
  ],
  ["token", (given) => ["string", "function"].includes(typeof given), "a text or a function"],
  oneOf("iceTransportPolicy", ["all", "relay"]),
  oneOf("store", ["indexeddb", "memory"]),
  oneOf("mediaQuery", ["ignore", "match"]),
  ["upload", (given) => typeof given === "boolean", "true or false (in a script tag: on or off)"],
  whole("quotaBytes", 0),
  whole("memoryBytes", LEAST_MEMORY_BYTES),
  whole("patienceMs", 0),
  whole("minBytesPerSecond", 1),
  whole("maxConnections", 1),
  whole("uploadSlots", 0),
  // Half a chunk a second: what is slower than that only keeps others waiting.
  [
    "uploadBytesPerSecond",
    (given) => typeof given === "number" && given >= LEAST_UPLOAD_BYTES_PER_SECOND,
    `a number of at least ${LEAST_UPLOAD_BYTES_PER_SECOND}`,
  ],
];

function whole(name: keyof RivuletOptions, least: number): Rule {
  return [
    name,
    (given) => Number.isInteger(given) && Number(given) >= least,
    `a whole number of at least ${least}`,
  ];
}

function oneOf(name: keyof RivuletOptions, words: readonly unknown[]): Rule {
  return [name, (given) => words.includes(given), words.map((word) => `"${word}"`).join(" or ")];
}

function isIceServer(server: unknown): boolean {
  const urls: unknown = typeof server === "object" && server && "urls" in server ? server.urls : undefined;
  const list: readonly unknown[] = Array.isArray(urls) ? urls : [urls];
  return list.length > 0 && list.every((one) => typeof one === "string" && /^(stun|turn)s?:./i.test(one));
}

/**
 * Fills in the defaults.
 * @throws RivuletError `bad-option`, naming the option, what was given and what to give.
 */
export function checkOptions(given: RivuletOptions, pageUrl: string): CheckedOptions {
  if (typeof given !== "object" || given === null) {
    throw bad("Rivulet takes an object of options, with at least `signal` and `manifest`.");
  }
  for (const name of Object.keys(given)) {
    if (KNOWN.includes(name)) continue;
    const nearest = nearestName(name, KNOWN);
    throw bad(
      `There is no option \`${name}\`.${nearest ? ` Did you mean \`${nearest}\`?` : ` There are: ${KNOWN.join(", ")}.`}`,
    );
  }
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: CheckedOptions = { ...DEFAULTS, signal: given.signal, manifest: given.manifest, ...defined };
  const signal = url("signal", options.signal, pageUrl, /^wss?:/, "the signaling server's URL (ws: or wss:)");
  const manifest = url(
    "manifest",
    options.manifest,
    pageUrl,
    /^https?:/,
    "the URL of what `rivulet manifest` wrote",
  );
  for (const [name, holds, what] of RULES)
    if (!holds(options[name])) throw bad(`\`${name}\` must be ${what}, not ${show(options[name])}.`);
  return { ...options, signal, manifest };
}

function url(name: string, given: unknown, pageUrl: string, scheme: RegExp, what: string): string {
  // An empty one would be the page itself.
  const { href = "" } = (typeof given === "string" && given !== "" && parseUrl(given, pageUrl)) || {};
  if (scheme.test(href)) return href;
  throw bad(`\`${name}\` must be ${what}, not ${show(given)}.`);
}

function show(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given);
  return Array.isArray(given) ? `[${given.map(show).join(", ")}]` : String(given);
}

function bad(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}
