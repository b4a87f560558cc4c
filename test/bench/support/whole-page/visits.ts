import { existsSync } from "node:fs";
import type { Completion } from "../../../e2e/support/page-with-assets-script.ts";
import type { AssetPage, Site, Variant, Visitor } from "../../../e2e/support/page-with-assets-stage.ts";
import { pause } from "../swarm-round.ts";

interface OnWindow {
  readonly Rivulet: { readonly current: { readonly ready: Promise<void> } };
}

/** Whether the build has the Service Worker. */
export const HAS_WORKER = existsSync(new URL("../../../../packages/sdk/dist/rivulet-sw.js", import.meta.url));

/** After so long a page counts as one that was never complete, ms. */
const COMPLETE_WITHIN_MS = 180_000;
/** A worker that is not in charge by then will not be, ms. */
const CONTROL_WITHIN_MS = 30_000;
/** What was cancelled, or sent last, is in the origin's log by then, ms. */
const SETTLE_MS = 500;

export interface CrowdOptions {
  readonly site: Site;
  readonly variant: Variant;
  readonly viewers: number;
  /** Between the arrivals of two viewers, ms; 0: all at once. */
  readonly staggerMs: number;
  /** Whether everybody was on a page with the script before, so that the worker is installed. */
  readonly landed: boolean;
}

export interface Visit {
  readonly visitor: Visitor;
  readonly page: AssetPage;
  readonly completion: Completion;
}

/** Several viewers' visits, which are still open. */
export interface Crowd {
  readonly visits: readonly Visit[];
  /** Bytes of assets that left the origin ÷ bytes of the assets. */
  readonly copies: number;
  close(): Promise<void>;
}

/** Everybody is new, and comes at once or one after the other; over when each page is complete. */
export async function newCrowd({ site, variant, viewers, staggerMs, landed }: CrowdOptions): Promise<Crowd> {
  const visitors = await Promise.all(Array.from({ length: viewers }, () => site.visitor()));
  if (landed) await Promise.all(visitors.map(land));
  return visitAll({ site, variant, visitors, staggerMs });
}

/** The same for viewers who may have been there before. */
export async function visitAll(given: {
  readonly site: Site;
  readonly variant: Variant;
  readonly visitors: readonly Visitor[];
  readonly staggerMs: number;
}): Promise<Crowd> {
  const { site, variant, visitors, staggerMs } = given;
  site.origin.log.reset();
  const visits = await Promise.all(
    visitors.map(async (visitor, index): Promise<Visit> => {
      await pause(index * staggerMs);
      const page = await visitor.open(variant);
      return { visitor, page, completion: await page.done(COMPLETE_WITHIN_MS) };
    }),
  );
  await pause(SETTLE_MS);
  return {
    visits,
    copies: site.assetBytes() / site.totalBytes,
    close: async () => {
      for (const { visitor } of visits) await visitor.close();
    },
  };
}

/** Visits a page with the script tag, stays until the worker is in charge and knows what is listed, and leaves. */
export async function land(visitor: Visitor): Promise<void> {
  const { page, close } = await visitor.open("landing");
  await page.waitForFunction("window.Rivulet?.current", { timeout: CONTROL_WITHIN_MS });
  await page.evaluate(() => (window as unknown as OnWindow).Rivulet.current.ready);
  if (!(await isControlled(page, CONTROL_WITHIN_MS)))
    throw new Error(`No Service Worker controls the landing page after ${CONTROL_WITHIN_MS} ms.`);
  await close();
}

/** Assets that a page has, and does not have with the right bytes; null where there is no worker to ask. */
export async function wrongAssets(site: Site, { page }: Visit): Promise<number | null> {
  // Without a worker, what the page would fetch to be hashed would come from the origin.
  if (!(await isControlled(page.page, 0))) return null;
  return site.assets.length - (await page.right()).length;
}

function isControlled(page: AssetPage["page"], withinMs: number): Promise<boolean> {
  return page.evaluate(async (withinMs) => {
    const giveUpAt = performance.now() + withinMs;
    while (!navigator.serviceWorker?.controller && performance.now() < giveUpAt)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return Boolean(navigator.serviceWorker?.controller);
  }, withinMs);
}
