import type { Page } from "puppeteer-core";
import type { SharePageGlobals, ShareStage } from "../../../e2e/support/share-stage.ts";
import { IN_PARALLEL } from "../../../e2e/support/stage.ts";
import { type Chromium, launchChromium } from "../../../support/chromium.ts";

/** What a page of this bench has at hand. */
export interface BenchPage extends SharePageGlobals {
  /** What this page made up to share. */
  made?: readonly { readonly path: string; readonly file: File }[];
  arrival?: Arrival;
}

/** How far a receiver is; times are the page's own, ms. */
export interface Arrival {
  readonly openedAt: number;
  /** The first verified piece is on disk. */
  firstAt?: number;
  /** So much of it is there that the slow start is over. */
  warmAt?: number;
  warmBytes?: number;
  doneAt?: number;
  error?: string;
}

/** One end of a transfer: a browser of its own, whose default profile is on disk, as a person's is. */
export interface Side {
  readonly chromium: Chromium;
  /** A page of the stage: one that can share. */
  openShare(): Promise<Page>;
  close(): Promise<void>;
}

/** Contexts of one's own keep their files in memory, in another process: for what must be written, that is no disk. */
export async function openSide(stage: ShareStage): Promise<Side> {
  const chromium = await launchChromium({ args: IN_PARALLEL });
  return {
    chromium,
    async openShare() {
      const { page } = await stage.open({ context: chromium.browser.defaultBrowserContext() });
      return page;
    },
    close: () => chromium.close(),
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
