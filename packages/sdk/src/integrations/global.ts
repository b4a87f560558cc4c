import { RivuletError } from "../base/errors.ts";
import { complain } from "../client/complain.ts";
import type { RivuletOptions } from "../client/options.ts";
import { serveElements } from "./elements.ts";
import { readScriptTag } from "./script-tag.ts";
import { Consent } from "./site/consent.ts";
import { forget } from "./site/forget.ts";
import { SharedRivulet } from "./site/shared-rivulet.ts";
import { Site } from "./site/site.ts";
import { readSiteTag } from "./site-tag.ts";

/*
 * `rivulet.js`: what a script tag loads. It is small, and does without the engine, which one tab of a site loads when it
 * is needed. Which files that is, the build says.
 */
declare const ENGINE_FILE: string;
declare const PANEL_FILE: string;

const script = document.currentScript;
const scriptUrl = script instanceof HTMLScriptElement ? script.src : document.baseURI;
const consent = new Consent();
const parts = {
  engine: new URL(ENGINE_FILE, scriptUrl).href,
  panel: new URL(PANEL_FILE, scriptUrl).href,
};

/** One of its own, for pages that set it up themselves. All instances for one manifest share one engine. */
class Rivulet extends SharedRivulet {
  constructor(options: RivuletOptions) {
    super(options, new Site(parts, options, {}).surroundings(Promise.resolve()));
  }
}

/** What the script tag leaves on the page, as `window.Rivulet`. */
interface RivuletGlobal {
  readonly Rivulet: typeof Rivulet;
  readonly RivuletError: typeof RivuletError;
  /** The instance that serves the page; undefined when an attribute was mistyped. */
  current: SharedRivulet | undefined;
  /** True once the Service Worker answers what this page asks for; false when there is none, or it does not. */
  controlled: Promise<boolean>;
  /** The visitor agreed: with `data-consent="required"` nothing is done before. */
  allow(): void;
  /** Removes what is stored and the Service Worker, and ends this page's part in it. */
  forget(): Promise<void>;
  /** Shows the debug panel, or hides it. */
  panel(): Promise<void>;
}

const rivuletGlobal: RivuletGlobal = {
  Rivulet,
  RivuletError,
  current: undefined,
  controlled: Promise.resolve(false),
  allow: () => consent.give(),
  forget: () => forget(rivuletGlobal.current),
  panel: async () => undefined,
};
Object.assign(window, { Rivulet: rivuletGlobal });

// A script that only wants the class leaves all attributes out.
if (script instanceof HTMLScriptElement && Object.keys(script.dataset).length > 0) start(script);

function start(tag: HTMLScriptElement): void {
  try {
    const options = readScriptTag(tag.dataset);
    const siteOptions = readSiteTag(tag.dataset);
    if (siteOptions.consent !== "required") consent.give();
    const site = new Site(parts, options, siteOptions);
    const current = new SharedRivulet(options, site.surroundings(consent.given));
    rivuletGlobal.current = current;
    rivuletGlobal.controlled = consent.given.then(() => site.start(current));
    rivuletGlobal.panel = () => site.togglePanel(current);
    serveElements(
      {
        ready: consent.isGiven ? current.ready : Promise.reject(new Error("The visitor has not agreed.")),
        controlled: consent.isGiven ? rivuletGlobal.controlled : Promise.resolve(false),
        fetch: (url) => current.fetch(url),
        sizeOf: (url) => current.sizeOf(url),
      },
      document,
    );
  } catch (error) {
    // A mistyped attribute: what else is wrong, the instance tells.
    complain(error);
    const origin = (url: string) => fetch(url);
    const controlled = Promise.resolve(false);
    serveElements({ ready: Promise.resolve(), controlled, fetch: origin, sizeOf: () => undefined }, document);
  }
}
