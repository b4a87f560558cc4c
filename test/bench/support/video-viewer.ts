import type { Browser, Page } from "puppeteer-core";
import type { Engine } from "./engines.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import type { LineOptions } from "./video-stage.ts";

export interface VisitOptions {
  readonly engine: Engine;
  /** Paths at the origin. */
  readonly playlist: string;
  readonly manifest: string;
  /** Rounds do not meet: each has a swarm of its own. */
  readonly swarm: string;
  /** A line other than the common one. */
  readonly line?: LineOptions;
  /** For the film alone, where the rest of the site is quick. */
  readonly filmLine?: LineOptions;
  /** Hash every segment that the player is handed. */
  readonly hash?: boolean;
  /** May change the page before it loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface VideoViewer {
  readonly page: Page;
  /** What the page's console said. */
  readonly console: readonly string[];
  report(): Promise<PlayerReport>;
  /** Waits until the page's report is as wished; the last one, and false, when it is not in time. */
  until(wished: (report: PlayerReport) => boolean, timeoutMs: number): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  readonly report: PlayerReport;
  readonly inTime: boolean;
}

const LOOK_EVERY_MS = 200;
/** A page that does not answer for so long counts as hung, ms. */
const ANSWER_WITHIN_MS = 20_000;

export async function openViewer(options: {
  readonly browser: Browser;
  readonly url: string;
  readonly viewer: string;
  readonly signal: string;
  readonly tracker: string;
  readonly visit: VisitOptions;
}): Promise<VideoViewer> {
  const { browser, url, viewer, signal, tracker, visit } = options;
  const { engine, playlist, manifest, swarm, hash = false, prepare } = visit;
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  // Functions that run in the page were compiled by tsx, which names them through this helper.
  await page.evaluateOnNewDocument("globalThis.__name = (named) => named");
  // By it the origin tells the viewers' lines apart.
  await page.setExtraHTTPHeaders({ "X-Viewer": viewer });
  await prepare?.(page);
  const query = new URLSearchParams({
    playlist,
    signal,
    manifest,
    tracker,
    swarm,
    hash: hash ? "yes" : "no",
  });
  await page.goto(`${url}/bench/${engine}.html?${query}`);
  const report = () => within(page.evaluate(() => window.bench.report()));
  return {
    page,
    console: said,
    report,
    async until(wished, timeoutMs) {
      const giveUpAt = performance.now() + timeoutMs;
      for (;;) {
        const now = await report();
        if (wished(now)) return { report: now, inTime: true };
        if (performance.now() >= giveUpAt) return { report: now, inTime: false };
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    close: () => context.close(),
  };
}

/** Fails when a page has hung, rather than waiting for it for ever. */
async function within<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("A viewer's page does not answer.")), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
