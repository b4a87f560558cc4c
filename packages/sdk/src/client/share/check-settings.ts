import { RivuletError } from "../../base/errors.ts";
import { nearestName } from "../../base/nearest-name.ts";
import { isIceServer, LEAST_UPLOAD_BYTES_PER_SECOND } from "../check-options.ts";
import { parseUrl } from "../url.ts";
import type { ShareSettings } from "./running-share.ts";

const DEFAULTS: Omit<ShareSettings, "signal"> = {
  token: "",
  iceServers: [],
  iceTransportPolicy: "all",
  password: undefined,
  uploadBytesPerSecond: Number.POSITIVE_INFINITY,
};

/** Both ends' options as they may be given; `undefined` is as if it were left out. */
export type GivenSettings = { readonly [Name in keyof ShareSettings]?: ShareSettings[Name] | undefined };

type Rule = readonly [name: keyof typeof DEFAULTS, holds: (settings: ShareSettings) => boolean, what: string];

const RULES: readonly Rule[] = [
  ["token", ({ token }) => ["string", "function"].includes(typeof token), "a text or a function"],
  [
    "iceServers",
    ({ iceServers }) => Array.isArray(iceServers) && iceServers.every(isIceServer),
    'a list of RTCIceServer objects, such as [{ urls: "stun:stun.example" }]',
  ],
  [
    "iceTransportPolicy",
    ({ iceTransportPolicy }) => ["all", "relay"].includes(iceTransportPolicy),
    '"all" or "relay"',
  ],
  ["password", ({ password }) => password === undefined || typeof password === "string", "a text"],
  [
    "uploadBytesPerSecond",
    ({ uploadBytesPerSecond }) => uploadBytesPerSecond >= LEAST_UPLOAD_BYTES_PER_SECOND,
    `a number of at least ${LEAST_UPLOAD_BYTES_PER_SECOND}`,
  ],
];

/**
 * Fills in the defaults.
 * @param others options that are somebody else's to check
 * @throws RivuletError `bad-option`, naming the option and what to give.
 */
export function checkShareSettings(
  given: GivenSettings,
  { others, pageUrl }: { readonly others: readonly string[]; readonly pageUrl: string },
): ShareSettings {
  const known = ["signal", ...Object.keys(DEFAULTS), ...others];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    const hint = nearest ? `Did you mean \`${nearest}\`?` : `There are: ${known.join(", ")}.`;
    throw bad(`There is no option \`${name}\`. ${hint}`);
  }
  const signal = given.signal ? parseUrl(given.signal, pageUrl)?.href : undefined;
  if (!signal || !/^wss?:/.test(signal))
    throw bad("`signal` must be the signaling server's URL (ws: or wss:).");
  const settings: ShareSettings = {
    signal,
    token: given.token ?? DEFAULTS.token,
    iceServers: given.iceServers ?? DEFAULTS.iceServers,
    iceTransportPolicy: given.iceTransportPolicy ?? DEFAULTS.iceTransportPolicy,
    password: given.password || undefined,
    uploadBytesPerSecond: given.uploadBytesPerSecond ?? DEFAULTS.uploadBytesPerSecond,
  };
  for (const [name, holds, what] of RULES) if (!holds(settings)) throw bad(`\`${name}\` must be ${what}.`);
  return settings;
}

function bad(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}
