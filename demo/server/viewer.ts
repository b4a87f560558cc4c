import type { Browser, BrowserContext, Page } from "puppeteer-core";
import type { LiveStats } from "../src/panel/live.ts";

/** How a viewer is doing. */
export type ViewerState =
  | { readonly name: "waiting" }
  | { readonly name: "loading" }
  | { readonly name: "complete"; readonly tookMs: number }
  | { readonly name: "failed"; readonly why: string };

/** What the page delivered so far, by source. */
export interface Delivered {
  readonly originBytes: number;
  readonly peerBytes: number;
  readonly storeBytes: number;
  readonly peers: number;
}

const NOTHING: Delivered = { originBytes: 0, peerBytes: 0, storeBytes: 0, peers: 0 };
const LOOK_EVERY_MS = 200;
/** The page publishes its stats at most twice a second: the last ones may trail its completion by as much. */
const STATS_LAG_MS = 600;

/** A visitor of its own (cookies, cache, storage) in a headless browser. */
export class Viewer {
  readonly number: number;
  state: ViewerState = { name: "waiting" };
  delivered: Delivered = NOTHING;
  /** How far it is, 0 to 1. */
  progress = 0;
  #page: Page | undefined;
  #completeAt = 0;
  #lastError = "";

  constructor(number: number) {
    this.number = number;
  }

  /** Opens the page and watches it until it is complete or has failed; never rejects. */
  async run(browser: Browser, url: string, deadline: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    this.state = { name: "loading" };
    try {
      // A race, because a page that hangs would not even answer the question how it is.
      await Promise.race([this.#watch(browser, url), aborted(deadline)]);
      this.state = { name: "complete", tookMs: this.#completeAt - startedAt };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.state = { name: "failed", why: `${why}${this.#hint()}` };
    }
  }

  /** Brings `delivered` up to date: a page that is complete may go on playing. Never rejects. */
  async lookAgain(): Promise<void> {
    if (this.state.name !== "complete" || !this.#page) return;
    await this.#look(this.#page).catch(() => undefined);
  }

  async #watch(browser: Browser, url: string): Promise<void> {
    const page = await this.#open(await browser.createBrowserContext(), url);
    for (;;) {
      const seen = await this.#look(page);
      if (seen === "failed") throw new Error("the page failed");
      if (seen === "complete") break;
      await sleep(LOOK_EVERY_MS);
    }
    this.#completeAt = performance.now();
    await sleep(STATS_LAG_MS);
    await this.#look(page);
  }

  async #open(context: BrowserContext, url: string): Promise<Page> {
    const page = await context.newPage();
    this.#page = page;
    page.on("pageerror", (error) => {
      this.#lastError = error instanceof Error ? error.message : String(error);
    });
    page.on("console", (message) => {
      if (message.type() === "error") this.#lastError = message.text();
    });
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return page;
  }

  async #look(page: Page): Promise<string | undefined> {
    const seen = await page.evaluate(() => {
      const { demo, demoProgress } = document.documentElement.dataset;
      const read = (globalThis as { rivuletDemoStats?: () => LiveStats }).rivuletDemoStats;
      const stats = read?.();
      const progress = Number(demoProgress ?? 0);
      if (!stats) return { demo, progress, delivered: undefined };
      const { originBytes, peerBytes, storeBytes, peers } = stats;
      return { demo, progress, delivered: { originBytes, peerBytes, storeBytes, peers: peers.length } };
    });
    this.progress = seen.progress;
    if (seen.delivered) this.delivered = seen.delivered;
    return seen.demo;
  }

  #hint(): string {
    return this.#lastError === "" ? "" : ` (its console says: ${this.#lastError.split("\n")[0]})`;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new Error("not complete in time"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
