import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "puppeteer-core";
import { ensureGenerated } from "#demo/assets/generate.ts";
import { CHROMIUM_ARGS } from "#demo/server/run-viewers.ts";
import { type Site, startSite } from "#demo/server/site.ts";
import { launchChromium } from "../../support/chromium.ts";

const generatedDir = fileURLToPath(new URL("../../../demo/public/generated", import.meta.url));
const DESKTOP = { width: 1280, height: 900 };
const TRIES_PER_SECOND = 10;

/** The demo's site with its live channel, and a browser to visit it with. */
export interface DemoStage {
  readonly site: Site;
  /** A page of a visitor of its own, or of one who has another tab open. */
  open(path: string, visitor?: DemoPage): Promise<DemoPage>;
  close(): Promise<void>;
}

/** The channel repeats its recording: what is tested here must not depend on an ffmpeg. */
export async function openDemo(): Promise<DemoStage> {
  await ensureGenerated(generatedDir);
  const site = await startSite({ port: 0, channel: { ffmpeg: undefined } });
  const chromium = await launchChromium({ args: CHROMIUM_ARGS });
  return {
    site,
    async open(path, visitor) {
      const context = visitor?.context ?? (await chromium.browser.createBrowserContext());
      const page = await context.newPage();
      await page.setViewport(DESKTOP);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.goto(site.origin.url + path, { waitUntil: "domcontentloaded" });
      return new DemoPage(page, context, errors);
    },
    async close() {
      await chromium.close();
      await site.close();
    },
  };
}

/** One of the demo's pages, as somebody sees it. */
export class DemoPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What its console complained of: a breach of the content policy, for example. */
  readonly errors: readonly string[];

  constructor(page: Page, context: BrowserContext, errors: readonly string[]) {
    this.page = page;
    this.context = context;
    this.errors = errors;
  }

  /** Waits until `look` sees what is wished; fails with what it saw last. */
  async until<Seen>(
    look: () => Promise<Seen>,
    isWished: (seen: Seen) => boolean,
    seconds = 60,
  ): Promise<Seen> {
    for (let turn = 0; turn < seconds * TRIES_PER_SECOND; turn++) {
      const seen = await look();
      if (isWished(seen)) return seen;
      await new Promise((resolve) => setTimeout(resolve, 1000 / TRIES_PER_SECOND));
    }
    throw new Error(`Still not as wished: ${JSON.stringify(await look())}`);
  }

  /** Resolves when the page says that it has all that it came for. */
  async complete(): Promise<void> {
    const state = (): Promise<string | undefined> =>
      this.page.evaluate(() => document.documentElement.dataset.demo);
    await this.until(state, (seen) => seen === "complete");
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? "");
  }

  video(): Promise<{ seconds: number; height: number; isPaused: boolean }> {
    return this.page.$eval("video", ({ currentTime, videoHeight, paused }) => {
      return { seconds: currentTime, height: videoHeight, isPaused: paused };
    });
  }

  /** Resolves when playback has gone on for two seconds from where it is. */
  async plays(): Promise<void> {
    const { seconds } = await this.video();
    await this.until(
      () => this.video(),
      (seen) => seen.seconds >= seconds + 2,
    );
  }

  /** What the strip says of each segment. */
  segments(): Promise<string[]> {
    return this.page.$$eval(".segments .split", (bars) =>
      bars.map((bar) => bar.getAttribute("aria-label") ?? ""),
    );
  }

  /** Presses the strip at a point, 0 to 1. */
  async pressStrip(ratio: number): Promise<void> {
    const box = await (await this.page.$(".segments"))?.boundingBox();
    if (!box) throw new Error("The strip is not on the page.");
    await this.page.mouse.click(box.x + box.width * ratio, box.y + 8);
  }

  peerBytes(): Promise<number> {
    return this.page.evaluate(() => window.rivuletDemoStats?.().peerBytes ?? 0);
  }
}
