import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "puppeteer-core";
import type { RivuletStats } from "#sdk/index.ts";
import type { Stage, Viewer } from "./stage.ts";
import { watchedPage } from "./watched-page.ts";

const distDir = fileURLToPath(new URL("../../../packages/sdk/dist/", import.meta.url));

/** What the script tag leaves, as these tests use it. */
export interface PageWindow {
  readonly Rivulet: {
    readonly current: {
      readonly stats: RivuletStats;
      readonly state: string;
      readonly role: "leader" | "follower" | undefined;
      readonly ready: Promise<void>;
      fetch(url: string): Promise<Response>;
    };
    readonly controlled: Promise<boolean>;
    allow(): void;
    forget(): Promise<void>;
  };
}

/** An answer as a page got it. */
export interface Got {
  readonly status: number;
  readonly type: string | null;
  readonly contentRange: string | null;
  readonly etag: string | null;
  readonly bytes: number;
  /** SHA-256 of the body, hex. */
  readonly hash: string;
}

/** The tag of a page whose listed files come through the worker at the site's root. */
export function workerTag(stage: Stage, attributes = ""): string {
  return `<!doctype html><meta charset="utf-8"><title>worker</title><link rel="icon" href="data:,">
<script src="/sdk/rivulet.js" data-signal="${stage.signalUrl}" data-manifest="/rivulet.json" data-worker="/rivulet-sw.js" ${attributes}></script>`;
}

/** Serves the worker's script at the site's root, where its scope is the whole site, and a page with its tag. */
export async function serveWorker(stage: Stage): Promise<void> {
  stage.origin.files.set("/rivulet-sw.js", new Uint8Array(await readFile(`${distDir}rivulet-sw.js`)));
  servePage(stage, "/worker.html", workerTag(stage));
}

export function servePage(stage: Stage, path: string, html: string): void {
  stage.origin.files.set(path, new TextEncoder().encode(html));
}

/** Waits until the worker answers what this page asks for, or will not. */
export function controlled(page: Page): Promise<boolean> {
  return page.evaluate(() => (window as unknown as PageWindow).Rivulet.controlled);
}

/** The page's own `fetch`, which the worker sees. */
export function get(page: Page, url: string, init: RequestInit = {}): Promise<Got> {
  return page.evaluate(
    async (asked, options) => {
      const response = await fetch(asked, options);
      const body = await response.arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        contentRange: response.headers.get("content-range"),
        etag: response.headers.get("etag"),
        bytes: body.byteLength,
        hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      };
    },
    url,
    init as object,
  );
}

export function statsOf(page: Page): Promise<RivuletStats> {
  return page.evaluate(() => (window as unknown as PageWindow).Rivulet.current.stats);
}

export function roleOf(page: Page): Promise<"leader" | "follower" | undefined> {
  return page.evaluate(() => (window as unknown as PageWindow).Rivulet.current.role);
}

/** Another tab of the same browser. */
export async function openTab(stage: Stage, { context }: Viewer, path = "/worker.html"): Promise<Page> {
  const { page } = await watchedPage(context);
  await page.goto(stage.origin.url + path);
  return page;
}

/** True for an answer of the worker's: its ETag is the Merkle root in base64url, which no origin of these tests gives. */
export function isFromWorker({ etag }: Got): boolean {
  return /^"[\w-]{43}"$/.test(etag ?? "");
}
