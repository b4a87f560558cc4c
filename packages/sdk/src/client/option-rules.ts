import { KIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import { parseUrl } from "./url.ts";

export const LEAST_UPLOAD_BYTES_PER_SECOND = 32 * KIB;

/** What the option of a name must be. */
export type OptionRule<Name extends string = string> = readonly [
  name: Name,
  holds: (given: unknown) => boolean,
  what: string,
];

export function atLeast<Name extends string>(name: Name, least: number): OptionRule<Name> {
  return [name, (given) => typeof given === "number" && given >= least, `a number of at least ${least}`];
}

export function oneOf<Name extends string>(name: Name, words: readonly unknown[]): OptionRule<Name> {
  return [name, (given) => words.includes(given), words.map((word) => `"${word}"`).join(" or ")];
}

/** What pages that load and shares are both told of their connections. */
export const CONNECTION_RULES = [
  ["token", (given) => ["string", "function"].includes(typeof given), "a text or a function"],
  [
    "iceServers",
    // A wrong one would only show when the first peer is dialled, as a connection that fails.
    (given) => Array.isArray(given) && given.every(isIceServer),
    'a list of RTCIceServer objects, such as [{ urls: "stun:stun.example" }]',
  ],
  oneOf("iceTransportPolicy", ["all", "relay"]),
  // Half a chunk a second: what is slower than that only keeps others waiting.
  atLeast("uploadBytesPerSecond", LEAST_UPLOAD_BYTES_PER_SECOND),
] as const satisfies readonly OptionRule[];

function isIceServer(server: unknown): boolean {
  const urls: unknown = typeof server === "object" && server && "urls" in server ? server.urls : undefined;
  const list: readonly unknown[] = Array.isArray(urls) ? urls : [urls];
  return list.length > 0 && list.every((one) => typeof one === "string" && /^(stun|turn)s?:./i.test(one));
}

/** @throws RivuletError `bad-option` for a name that is not known, with the one that was meant. */
export function checkNames(given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest ? `Did you mean \`${nearest}\`?` : `There are: ${known.join(", ")}.`;
    throw badOption(`There is no option \`${name}\`. ${hint}`);
  }
}

/** @throws RivuletError `bad-option` for the first one that is not what it must be. */
export function checkRules<Name extends string>(
  options: { readonly [Option in Name]?: unknown },
  rules: readonly OptionRule<Name>[],
): void {
  for (const [name, holds, what] of rules) {
    if (!holds(options[name])) throw badOption(`\`${name}\` must be ${what}, not ${show(options[name])}.`);
  }
}

/** @throws RivuletError `bad-option` for what is no absolute or relative URL of these schemes. */
export function checkUrl(
  given: unknown,
  pageUrl: string,
  [name, scheme, what]: readonly [name: string, scheme: RegExp, what: string],
): string {
  // An empty one would be the page itself.
  const { href = "" } = (typeof given === "string" && given !== "" && parseUrl(given, pageUrl)) || {};
  if (scheme.test(href)) return href;
  throw badOption(`\`${name}\` must be ${what}, not ${show(given)}.`);
}

/** @throws RivuletError `bad-option`. */
export function checkSignal(given: unknown, pageUrl: string): string {
  return checkUrl(given, pageUrl, ["signal", /^wss?:/, "the signaling server's URL (ws: or wss:)"]);
}

export function badOption(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}

function show(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given);
  return Array.isArray(given) ? `[${given.map(show).join(", ")}]` : String(given);
}
