import { KIB, MIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { type CheckedOptions, DEFAULTS, type RivuletOptions } from "./options.ts";
import { parseUrl } from "./url.ts";

export const LEAST_MEMORY_BYTES = 48 * MIB;
export const LEAST_UPLOAD_BYTES_PER_SECOND = 32 * KIB;

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
  globs("include"),
  globs("exclude"),
  ["upload", (given) => typeof given === "boolean", "true or false (in a script tag: on or off)"],
  whole("quotaBytes", 0),
  whole("memoryBytes", LEAST_MEMORY_BYTES),
  whole("patienceMs", 0),
  whole("minBytesPerSecond", 1),
  whole("minBytes", 0),
  whole("maxConnections", 1),
  whole("uploadSlots", 0),
  // Half a chunk a second: what is slower than that only keeps others waiting.
  atLeast("uploadBytesPerSecond", LEAST_UPLOAD_BYTES_PER_SECOND),
  atLeast("maxUploadBytes", 0),
  oneOf("globalPrivacyControl", ["no-peers", "relay", "ignore"]),
  oneOf("saveData", ["no-uploads", "no-peers", "ignore"]),
  oneOf("metered", ["no-uploads", "no-peers", "ignore"]),
  oneOf("battery", ["no-uploads-hidden", "no-uploads", "ignore"]),
];

function whole(name: keyof RivuletOptions, least: number): Rule {
  return [
    name,
    (given) => Number.isInteger(given) && Number(given) >= least,
    `a whole number of at least ${least}`,
  ];
}

function atLeast(name: keyof RivuletOptions, least: number): Rule {
  return [name, (given) => typeof given === "number" && given >= least, `a number of at least ${least}`];
}

function globs(name: keyof RivuletOptions): Rule {
  const holds = (given: unknown) =>
    Array.isArray(given) && given.every((one) => one && typeof one === "string");
  return [name, holds, 'a list of globs of URL paths, such as ["/media/**", "*.mp4"]'];
}

function oneOf(name: keyof RivuletOptions, words: readonly unknown[]): Rule {
  return [name, (given) => words.includes(given), words.map((word) => `"${word}"`).join(" or ")];
}

export function isIceServer(server: unknown): boolean {
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
