import { CONNECTION_RULES, checkNames, checkRules, checkSignal, type OptionRule } from "../option-rules.ts";
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

const RULES: readonly OptionRule<keyof typeof DEFAULTS>[] = [
  ...CONNECTION_RULES,
  ["password", (given) => given === undefined || typeof given === "string", "a text"],
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
  checkNames(given, ["signal", ...Object.keys(DEFAULTS), ...others]);
  const settings: ShareSettings = {
    signal: checkSignal(given.signal, pageUrl),
    token: given.token ?? DEFAULTS.token,
    iceServers: given.iceServers ?? DEFAULTS.iceServers,
    iceTransportPolicy: given.iceTransportPolicy ?? DEFAULTS.iceTransportPolicy,
    password: given.password || undefined,
    uploadBytesPerSecond: given.uploadBytesPerSecond ?? DEFAULTS.uploadBytesPerSecond,
  };
  checkRules(settings, RULES);
  return settings;
}
