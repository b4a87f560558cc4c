import { MIB } from "../base/bytes.ts";
import {
  atLeast,
  badOption,
  CONNECTION_RULES,
  checkNames,
  checkRules,
  checkSignal,
  checkUrl,
  type OptionRule,
  oneOf,
} from "./option-rules.ts";
import { type CheckedOptions, DEFAULTS, type RivuletOptions } from "./options.ts";

export const LEAST_MEMORY_BYTES = 48 * MIB;

const KNOWN = ["signal", "manifest", ...Object.keys(DEFAULTS)];

type Rule = OptionRule<keyof RivuletOptions>;

/** What options must be, the two URLs aside. */
const RULES: readonly Rule[] = [
  [
    "manifestKey",
    (given) => given === undefined || (typeof given === "string" && /^[\w-]{43}$/.test(given)),
    "an Ed25519 key: 43 characters",
  ],
  ...CONNECTION_RULES,
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

function globs(name: keyof RivuletOptions): Rule {
  const holds = (given: unknown) =>
    Array.isArray(given) && given.every((one) => one && typeof one === "string");
  return [name, holds, 'a list of globs of URL paths, such as ["/media/**", "*.mp4"]'];
}

/**
 * Fills in the defaults.
 * @throws RivuletError `bad-option`, naming the option, what was given and what to give.
 */
export function checkOptions(given: RivuletOptions, pageUrl: string): CheckedOptions {
  if (typeof given !== "object" || given === null) {
    throw badOption("Rivulet takes an object of options, with at least `signal` and `manifest`.");
  }
  checkNames(given, KNOWN);
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: CheckedOptions = { ...DEFAULTS, signal: given.signal, manifest: given.manifest, ...defined };
  const signal = checkSignal(options.signal, pageUrl);
  const wanted = ["manifest", /^https?:/, "the URL of what `rivulet manifest` wrote"] as const;
  const manifest = checkUrl(options.manifest, pageUrl, wanted);
  checkRules(options, RULES);
  return { ...options, signal, manifest };
}
