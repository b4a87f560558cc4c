import type { Page } from "puppeteer-core";
import { median } from "../../support/median.ts";

/** Main-thread tasks of 50 ms or more (the Long Tasks API, https://w3c.github.io/longtasks/). */
export interface LongTasks {
  readonly count: number;
  readonly totalMs: number;
}

/** Watches pages from now on; the function that it returns ends that, and tells of each page in turn. */
export async function watchLongTasks(...pages: readonly Page[]): Promise<() => Promise<LongTasks[]>> {
  const watches = await Promise.all(pages.map((page) => page.evaluateHandle(watch)));
  return () => Promise.all(watches.map((watched) => watched.evaluate((end) => end())));
}

/** Runs in the page. */
function watch(): () => Promise<LongTasks> {
  const durations: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) durations.push(duration);
  });
  observer.observe({ type: "longtask" });
  return async () => {
    // A task is told of after it has ended, which may be a little later.
    await new Promise((resolve) => setTimeout(resolve, 100));
    observer.disconnect();
    return { count: durations.length, totalMs: durations.reduce((sum, ms) => sum + ms, 0) };
  };
}

/** The medians of the rounds, and both pages' together, for the bench's last line. */
export function longTaskFigures(name: string, rounds: readonly (readonly LongTasks[])[]) {
  const of = (pick: (task: LongTasks) => number, pages: readonly number[]) =>
    Math.round(
      median(
        rounds.map((round) => pages.reduce((sum, page) => sum + (round[page] ? pick(round[page]) : 0), 0)),
      ),
    );
  return {
    [`longTasks${name}`]: of(({ count }) => count, [0, 1]),
    [`longTaskMs${name}`]: of(({ totalMs }) => totalMs, [0, 1]),
    [`longTaskMs${name}Sending`]: of(({ totalMs }) => totalMs, [0]),
    [`longTaskMs${name}Receiving`]: of(({ totalMs }) => totalMs, [1]),
  };
}
