import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { RivuletOptions } from "../client/options.ts";
import { SITE_NAMES } from "./site-tag.ts";

/** How the attributes are read, by their names in `dataset`. What is wrong in one shows when the options are checked. */
const READERS = new Map<string, (text: string) => unknown>([
  ["signal", String],
  ["manifest", String],
  ["manifestKey", String],
  ["token", String],
  ["iceTransportPolicy", String],
  ["ice", (text) => [{ urls: list(text) }]],
  ["store", String],
  ["quotaBytes", number],
  ["patienceMs", number],
  ["minBytesPerSecond", number],
  ["uploadBytesPerSecond", number],
  ["maxUploadBytes", number],
  ["include", list],
  ["exclude", list],
  ["minBytes", number],
  ["globalPrivacyControl", String],
  ["saveData", String],
  ["metered", String],
  ["battery", String],
  ["mediaQuery", String],
  ["upload", (text) => (text === "on" ? true : text !== "off" && text)],
]);

/** A short name is near to many: `data-id` and `data-site` of others are two letters from `data-ice`. */
const LONG_NAMES = [...READERS.keys(), ...SITE_NAMES].filter((name) => name.length > 3);

/**
 * Reads the options off `<script src="rivulet.js" data-signal="…" data-manifest="…">`.
 * What `readSiteTag` reads is left to it.
 * @throws RivuletError `bad-option` for a mistyped attribute. Attributes of others are left alone unless their names are
 * so close to ours that they are likely to be meant.
 */
export function readScriptTag(dataset: DOMStringMap): RivuletOptions {
  const options: Record<string, unknown> = {};
  for (const [name, text = ""] of Object.entries(dataset)) {
    const read = READERS.get(name);
    if (read) options[name === "ice" ? "iceServers" : name] = read(text);
    else if (!SITE_NAMES.includes(name)) {
      const nearest = nearestName(name, LONG_NAMES);
      if (nearest)
        throw new RivuletError(
          "bad-option",
          `There is no attribute ${attributeName(name)}. Did you mean ${attributeName(nearest)}?`,
        );
    }
  }
  return options as unknown as RivuletOptions;
}

function attributeName(name: string): string {
  return `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function list(text: string): string[] {
  return text.split(",").map((one) => one.trim());
}

function number(text: string): unknown {
  return /^\d+$/.test(text) ? Number(text) : text;
}
