import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "puppeteer-core";
import type { ReceivedShare, SentShare } from "#sdk/integrations/share/api.ts";
import { startSignalingServer } from "#signaling/index.ts";
import { launchChromium } from "../../support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "../../support/test-origin.ts";
import { IN_PARALLEL } from "./stage.ts";
import { watchedPage } from "./watched-page.ts";

const sdkDir = fileURLToPath(new URL("../../../packages/sdk/dist/", import.meta.url));

/** What a page of the stage has at hand. */
export interface SharePageGlobals {
  share: typeof import("#sdk/integrations/share/index.ts").share;
  receive: typeof import("#sdk/integrations/share/index.ts").receive;
  sent?: SentShare;
  received?: ReceivedShare;
  /** Codes and messages of all problems told of. */
  problems: string[];
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>share</title><script type="module">
import { receive, share } from "/sdk/share.js";
Object.assign(window, { share, receive, problems: [] });
document.title = "ready";
</script>`;

export interface SharePage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page's console said. */
  readonly console: readonly string[];
  close(): Promise<void>;
}

/** A site with a page that can share, its signaling server, and a browser. */
export interface ShareStage {
  readonly url: string;
  readonly origin: TestOrigin;
  readonly signalUrl: string;
  readonly browser: Browser;
  /** A page in a context of its own; or in one that is given, whose disk it then has. */
  open(where?: { readonly browser?: Browser; readonly context?: BrowserContext }): Promise<SharePage>;
  close(): Promise<void>;
}

export async function openShareStage(): Promise<ShareStage> {
  const server = await startSignalingServer({ port: 0, logLevel: "warn" });
  const origin = await startTestOrigin({ files: new Map(), mounts: { "/sdk/": sdkDir } });
  origin.files.set("/share.html", new TextEncoder().encode(PAGE));
  const chromium = await launchChromium({ args: IN_PARALLEL });
  const url = `${origin.url}/share.html`;
  return {
    url,
    origin,
    signalUrl: server.url,
    browser: chromium.browser,
    async open({ browser = chromium.browser, context: given } = {}) {
      const context = given ?? (await browser.createBrowserContext());
      const { page, said } = await watchedPage(context);
      await page.goto(url);
      await page.waitForFunction(() => document.title === "ready");
      const close = () => (given ? page.close() : context.close());
      return { page, context, console: said, close };
    },
    async close() {
      await chromium.close();
      await origin.close();
      await server.close();
    },
  };
}
