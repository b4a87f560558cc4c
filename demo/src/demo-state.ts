import type { LiveRivulet, LiveStats } from "./panel/live.ts";

/** How far the page got, for those who watch from outside (`npm start -- --viewers`, tests): `<html data-demo>`. */
export type DemoState = "loading" | "complete" | "failed";

declare global {
  interface Window {
    /** The page's latest stats, for the same watchers. */
    rivuletDemoStats?: () => LiveStats;
  }
}

export function markDemo(state: DemoState): void {
  document.documentElement.dataset.demo = state;
}

/** The same as a number, 0 to 1: `<html data-demo-progress>`. */
export function markProgress(ratio: number): void {
  document.documentElement.dataset.demoProgress = Math.min(1, ratio).toFixed(3);
}

export function exposeStats(rivulet: LiveRivulet): void {
  window.rivuletDemoStats = () => rivulet.stats;
}
