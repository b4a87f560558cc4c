import { RivuletError } from "../base/errors.ts";
import { nearestName } from "../base/nearest-name.ts";
import type { RivuletOptions } from "../client/options.ts";

type Reader = (value: string, attribute: string) => Partial<RivuletOptions>;

/** The script tag's attributes, by their names in `dataset`. */
const ATTRIBUTES: Readonly<Record<string, Reader>> = {
  signal: (signal) => ({ signal }),
  manifest: (manifest) => ({ manifest }),
  ice: (value) => ({ iceServers: [{ urls: value.split(",").map((url) => url.trim()) }] }),
  store: (value, attribute) => ({ store: oneOf(value, ["indexeddb", "memory"], attribute) }),
  quotaBytes: (value, attribute) => ({ quotaBytes: number(value, attribute) }),
  patienceMs: (value, attribute) => ({ patienceMs: number(value, attribute) }),
  minBytesPerSecond: (value, attribute) => ({ minBytesPerSecond: number(value, attribute) }),
  upload: (value, attribute) => ({ upload: oneOf(value, ["on", "off"], attribute) === "on" }),
};

/** A short name is near to many: `data-id` and `data-site` of others are two letters from `data-ice`. */
const LONG_NAMES = Object.keys(ATTRIBUTES).filter((name) => name.length > 3);

/**
 * Reads the options off `<script src="rivulet.js" data-signal="…" data-manifest="…">`.
 * @throws RivuletError `bad-option`, naming the attribute. Attributes of others are left alone unless their names are
 * so close to ours that they are likely to be meant.
 */
export function readScriptTag(dataset: DOMStringMap): RivuletOptions {
  let options: Partial<RivuletOptions> = {};
  for (const [name, value] of Object.entries(dataset)) {
    const read = ATTRIBUTES[name];
    const nearest = read ? undefined : nearestName(name, LONG_NAMES);
    if (nearest)
      throw bad(`There is no attribute ${attributeName(name)}. Did you mean ${attributeName(nearest)}?`);
    if (read) options = { ...options, ...read(value ?? "", attributeName(name)) };
  }
  const { signal, manifest } = options;
  if (!signal) throw bad("The script tag needs data-signal, the URL of the signaling server (ws: or wss:).");
  if (!manifest)
    throw bad("The script tag needs data-manifest, the URL of what `rivulet manifest DIR` wrote.");
  return { ...options, signal, manifest };
}

function attributeName(name: string): string {
  return `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function number(value: string, attribute: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw bad(`${attribute} must be a whole number, not "${value}".`);
}

function oneOf<Value extends string>(value: string, allowed: readonly Value[], attribute: string): Value {
  const found = allowed.find((one) => one === value);
  if (found) return found;
  throw bad(`${attribute} must be ${allowed.map((one) => `"${one}"`).join(" or ")}, not "${value}".`);
}

function bad(message: string): RivuletError {
  return new RivuletError("bad-option", message);
}
