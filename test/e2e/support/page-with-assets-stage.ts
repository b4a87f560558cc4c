import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "puppeteer-core";
import { startSignalingServer } from "#signaling/index.ts";
import { launchChromium } from "../../support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "../../support/test-origin.ts";
import { Pace } from "../../support/test-origin-pace.ts";
import { bundlePage } from "./bundle-page.ts";
import { type Asset, pageWithAssets, stylesheetWithAssets } from "./page-with-assets.ts";
import { assetBytes } from "./page-with-assets-bytes.ts";
import { manifestOf } from "./page-with-assets-manifest.ts";
import type { Completion, PageWithAssets } from "./page-with-assets-script.ts";
import { IN_PARALLEL } from "./stage.ts";
import { watchedPage } from "./watched-page.ts";

const SDK = fileURLToPath(new URL("../../../packages/sdk/dist/", import.meta.url));

/**
 * `plain` has no Rivulet; `marked` has `data-rivulet` in place of `src`, `unmarked` only the script tag; `landing` is a
 * page with the script tag and no asset.
 */
export type Variant = "plain" | "marked" | "unmarked" | "landing";

export interface SiteOptions {
  readonly assets: readonly Asset[];
  /** Of each visitor's own line to the origin: wait before the first byte of each answer, ms, and bytes per second. */
  readonly line?: { readonly latencyMs: number; readonly bytesPerSecond: number };
  /** More attributes of the script tag. */
  readonly attributes?: string;
}

/** A site that is a page with assets, its signaling server, and a browser to visit it with. */
export interface Site {
  readonly origin: TestOrigin;
  readonly assets: readonly Asset[];
  readonly totalBytes: number;
  /** Somebody new: a context of the site's Chromium, or of the browser that is given, on a line of its own. */
  visitor(browser?: Browser): Promise<Visitor>;
  /** Bytes of assets that left the origin since its log was last reset, and requests for them: of all, or of one visitor. */
  assetBytes(visitor?: Visitor): number;
  assetRequests(visitor?: Visitor): number;
  /** While true, the origin answers 503 to whoever asks for an asset. */
  setAssetsDown(down: boolean): void;
  close(): Promise<void>;
}

export interface Visitor {
  readonly context: BrowserContext;
  /** By which the origin knows the visitor. */
  readonly cookie: string;
  /** Goes to the site in a new tab; `prepare` may change the tab before. */
  open(variant: Variant, prepare?: (page: Page) => Promise<unknown>): Promise<AssetPage>;
  close(): Promise<void>;
}

export interface AssetPage {
  readonly page: Page;
  /** What the page's console said. */
  readonly console: readonly string[];
  /** When the page was complete; all assets count as failed when that takes longer than this, ms. */
  done(timeoutMs?: number): Promise<Completion>;
  /** Paths of the assets whose bytes, as a `fetch` of the page gets them now, are the origin's. */
  right(): Promise<readonly string[]>;
  close(): Promise<void>;
}

declare const window: { readonly page: PageWithAssets };

export async function openSite({ assets, line, attributes = "" }: SiteOptions): Promise<Site> {
  const signaling = await startSignalingServer({ port: 0, logLevel: "warn" });
  const lines = new Map<string, Pace>();
  const scriptTag = `<script src="/rivulet.js" data-signal="${signaling.url}" data-manifest="/rivulet.json" data-worker="/rivulet-sw.js" ${attributes} async></script>`;
  const encode = (text: string) => new TextEncoder().encode(text);
  const compressed = new Map([...(await builtScripts()), ["/rivulet.json", await manifestOf(assets)]]);
  const files = new Map<string, Uint8Array>([
    ...assets.map(({ path, bytes }) => [path, bytes] as const),
    ...[...compressed].map(([path, bytes]) => [path, gzipSync(bytes)] as const),
    ["/small.bmp", assetBytes("image", 1000, 1)],
    ["/page.js", encode(await bundlePage("page-with-assets-script.ts", {}))],
    ["/page.css", encode(stylesheetWithAssets(assets))],
    ["/plain.html", encode(pageWithAssets({ assets, scriptTag: "", marked: false }))],
    ["/marked.html", encode(pageWithAssets({ assets, scriptTag, marked: true }))],
    ["/unmarked.html", encode(pageWithAssets({ assets, scriptTag, marked: false }))],
    ["/landing.html", encode(`<!doctype html><title>landing</title>${scriptTag}`)],
  ]);
  const origin = await startTestOrigin({
    files,
    paceOf: (request) => lines.get(visitorOf(request.headers)),
    // As a CDN has it for scripts; the assets keep their sizes, by which copies are counted.
    faults: Object.fromEntries(
      [...compressed.keys()].map((path) => [path, { headers: { "Content-Encoding": "gzip" } }]),
    ),
  });
  const chromium = await launchChromium({
    args: [...IN_PARALLEL, "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
  });
  const paths = new Set(assets.map(({ path }) => path));
  const requests = (visitor?: Visitor) =>
    origin.log
      .requests()
      .filter(({ path, headers }) => paths.has(path) && (!visitor || visitorOf(headers) === visitor.cookie));
  let visitors = 0;
  return {
    origin,
    assets,
    totalBytes: assets.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    async visitor(browser = chromium.browser) {
      const context = await browser.createBrowserContext();
      const cookie = String(++visitors);
      if (line) lines.set(cookie, new Pace(line.latencyMs, line.bytesPerSecond));
      await context.setCookie({ name: "visitor", value: cookie, domain: "127.0.0.1", path: "/" });
      return {
        context,
        cookie,
        open: (variant, prepare) =>
          openPage({ context, url: `${origin.url}/${variant}.html`, assets, prepare }),
        close: () => context.close(),
      };
    },
    assetBytes: (visitor) => requests(visitor).reduce((sum, { bytes }) => sum + bytes, 0),
    assetRequests: (visitor) => requests(visitor).length,
    setAssetsDown(down) {
      for (const path of paths)
        if (down) origin.faults.set(path, { status: 503 });
        else origin.faults.delete(path);
    },
    async close() {
      await chromium.close();
      await origin.close();
      await signaling.close();
    },
  };
}

/** A header of its own would not do: a Service Worker's requests and the browser's for its script would lack it. */
function visitorOf(headers: IncomingMessage["headers"]): string {
  return /(?:^|; )visitor=(\d+)/.exec(String(headers.cookie ?? ""))?.[1] ?? "";
}

/** At the site's root: a Service Worker has the scope of its folder. */
async function builtScripts(): Promise<[string, Uint8Array][]> {
  const names = (await readdir(SDK)).filter((name) => /^rivulet.*\.js$/.test(name));
  return Promise.all(
    names.map(async (name): Promise<[string, Uint8Array]> => [`/${name}`, await readFile(SDK + name)]),
  );
}

async function openPage(given: {
  readonly context: BrowserContext;
  readonly url: string;
  readonly assets: readonly Asset[];
  readonly prepare: ((page: Page) => Promise<unknown>) | undefined;
}): Promise<AssetPage> {
  const { context, url, assets, prepare } = given;
  const { page, said } = await watchedPage(context, prepare);
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return {
    page,
    console: said,
    done: (timeoutMs = 120_000) =>
      page.evaluate(
        (timeoutMs, all) =>
          Promise.race([
            window.page.done,
            new Promise<Completion>((resolve) =>
              setTimeout(() => resolve({ completeMs: timeoutMs, failed: all }), timeoutMs),
            ),
          ]),
        timeoutMs,
        assets.map(({ path }) => path),
      ),
    async right() {
      const hashes = await page.evaluate(() => window.page.hashes());
      return assets.filter(({ path, sha256 }) => hashes[path] === sha256).map(({ path }) => path);
    },
    close: () => page.close(),
  };
}
