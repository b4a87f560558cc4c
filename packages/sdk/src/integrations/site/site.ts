import { dialEarly } from "../../adapters/early-dial.ts";
import { RivuletError } from "../../base/errors.ts";
import { complain } from "../../client/complain.ts";
import type { RivuletOptions } from "../../client/options.ts";
import { parseUrl } from "../../client/url.ts";
import type { SiteOptions } from "../site-tag.ts";
import { startBeacon } from "./beacon.ts";
import { begunMedia } from "./begun-media.ts";
import { adoptFromHttpCache } from "./http-cache.ts";
import type { Surroundings } from "./seat.ts";
import type { SharedRivulet } from "./shared-rivulet.ts";
import { WorkerLink } from "./worker-link.ts";

/** URLs of the scripts that are loaded when they are needed. */
export interface Scripts {
  readonly engine: string;
  readonly panel: string;
}

/** What `rivulet-engine.js` exports. */
type EngineModule = typeof import("../engine-script.ts");
/** What `rivulet-panel.js` exports. */
type PanelModule = typeof import("../panel/index.ts");

/** A site as its script tag describes it: what stands around an instance. */
export class Site {
  readonly #scripts: Scripts;
  readonly #options: RivuletOptions;
  readonly #siteOptions: SiteOptions;
  #link: WorkerLink | undefined;
  #panel: ReturnType<PanelModule["openPanel"]> | undefined;

  constructor(scripts: Scripts, options: RivuletOptions, siteOptions: SiteOptions) {
    this.#scripts = scripts;
    this.#options = options;
    this.#siteOptions = siteOptions;
  }

  /** Its URL; what is wrong with it the engine tells. */
  get #manifest(): string {
    return parseUrl(this.#options.manifest, document.baseURI)?.href ?? "";
  }

  surroundings(consent: Promise<void>): Surroundings {
    const { engine } = this.#scripts;
    // It takes a while to know which tab leads. The others have this in the browser's cache.
    void consent.then(() => preload({ rel: "modulepreload", href: engine }));
    return {
      pageUrl: document.baseURI,
      locks: navigator.locks,
      consent,
      loadEngine: async () => {
        // The engine will ask for both as soon as it is here itself: one round trip less, or several.
        preload({ rel: "preload", as: "fetch", crossOrigin: "anonymous", href: this.#manifest });
        const socket = dialEarly(this.#options);
        const dialledAt = performance.now();
        const { Rivulet, browserEnvironment }: EngineModule = await import(engine);
        return (options) => new Rivulet(options, browserEnvironment(socket, socket && dialledAt));
      },
      onLead: (tab, passing) => {
        const stops = [adoptFromHttpCache(tab.engine), this.#link?.lead(tab, passing)];
        return () => {
          for (const stop of stops) stop?.();
        };
      },
    };
  }

  /** Does what the visitor need be asked for: true when the Service Worker answers from here on. */
  async start(current: SharedRivulet): Promise<boolean> {
    const { worker, beacon, panel } = this.#siteOptions;
    if (beacon !== undefined) startBeacon(current, { url: new URL(beacon, document.baseURI).href });
    if (panel) void this.togglePanel(current, false);
    document.addEventListener("keydown", ({ altKey, shiftKey, code }) => {
      if (altKey && shiftKey && code === "KeyR") void this.togglePanel(current);
    });
    if (worker === undefined || worker === "off" || !navigator.serviceWorker) return false;
    this.#link = new WorkerLink({
      container: navigator.serviceWorker,
      url: new URL(worker, document.baseURI).href,
      manifest: this.#manifest,
      keep: this.#options.store !== "memory",
      media: begunMedia,
    });
    return this.#link.serves(current);
  }

  async togglePanel(current: SharedRivulet, focus = true): Promise<void> {
    if (this.#panel) return this.#panel.toggle();
    try {
      const { openPanel }: PanelModule = await import(this.#scripts.panel);
      this.#panel ??= openPanel(current, { focus });
    } catch (cause) {
      const message = "The panel's script cannot be loaded: serve rivulet-panel.js beside rivulet.js.";
      complain(new RivuletError("unsupported-browser", message, { cause }));
    }
  }
}

function preload(link: Partial<HTMLLinkElement>): void {
  document.head.append(Object.assign(document.createElement("link"), link));
}
