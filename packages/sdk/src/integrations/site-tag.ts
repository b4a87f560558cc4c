import { RivuletError } from "../base/errors.ts";

/** What the script tag says that is no option of an instance, but how the page uses it. */
export interface SiteOptions {
  /** Path of the Service Worker's script, or `off`: none is to be registered. */
  readonly worker?: string;
  /** Nothing is done before the visitor agreed. */
  readonly consent?: "required";
  /** The debug panel is shown. */
  readonly panel?: boolean;
  /** Where the figures of each visit are sent, a URL that may be relative to the page. */
  readonly beacon?: string;
}

interface Reader {
  /** The option for what the attribute says; undefined as if it were not there, `BAD` for what it may not say. */
  readonly read: (text: string) => string | boolean | undefined;
  readonly what: string;
}

const BAD = false;

const READERS: Readonly<Record<keyof SiteOptions, Reader>> = {
  worker: {
    read: (text) => /^(off|\.{0,2}\/[^/].*)$/s.test(text) && text,
    what: 'the path of rivulet-sw.js, such as "/rivulet-sw.js", or "off"',
  },
  consent: {
    read: (text) => (text === "given" ? undefined : text === "required" && text),
    what: '"required" or "given"',
  },
  panel: { read: (text) => text === "", what: "there without a value, or not be there" },
  beacon: {
    read: (text) => /^(https?:\/\/|\.{0,2}\/)[^/]/.test(text) && text,
    what: 'a URL, such as "/visits" or "https://figures.example/visits"',
  },
};

/** Their names in `dataset`. */
export const SITE_NAMES: readonly string[] = Object.keys(READERS);

/**
 * Reads `data-worker`, `data-consent`, `data-panel` and `data-beacon` off the script tag.
 * @throws RivuletError `bad-option` for a value that the attribute may not have. Mistyped names are `readScriptTag`'s.
 */
export function readSiteTag(dataset: DOMStringMap): SiteOptions {
  const options: Record<string, unknown> = {};
  for (const [name, { read, what }] of Object.entries(READERS)) {
    const text = dataset[name];
    const found = text === undefined ? text : read(text);
    if (found === BAD)
      throw new RivuletError("bad-option", `data-${name} must be ${what}, not ${JSON.stringify(text)}.`);
    if (found !== undefined) options[name] = found;
  }
  return options;
}
