import type { Page } from "puppeteer-core";

/** What a trace of the browser has to have in it for `workBeforePaint`. */
export const TRACE_CATEGORIES = [
  "disabled-by-default-devtools.timeline",
  "devtools.timeline",
  "toplevel",
  "loading",
  "blink.user_timing",
];

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, what the thread was on a processor. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly navigationId?: string; readonly documentLoaderURL?: string } };
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
}

/** When the page painted any of its content first, ms after the navigation's start. */
export function paintedFirst(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const entry = list.getEntriesByName("first-contentful-paint")[0];
          if (entry) resolve(entry.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
}

/** The tasks of the page's main thread from the navigation's start to the first contentful paint, ms. */
export function workBeforePaint(
  { traceEvents }: Trace,
  url: string,
): { readonly cpuMs: number; readonly busyMs: number } {
  const start = traceEvents.find(
    ({ name, args }) => name === "navigationStart" && args?.data?.documentLoaderURL === url,
  );
  const paint = traceEvents.find(
    ({ name, args }) =>
      name === "firstContentfulPaint" && args?.data?.navigationId === start?.args?.data?.navigationId,
  );
  if (!start || !paint) throw new Error(`The trace has no first contentful paint of ${url}.`);
  let busy = 0;
  let cpu = 0;
  let endOfLast = 0;
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => /(^|::)RunTask$/.test(name) && pid === paint.pid && tid === paint.tid)
    .sort((a, b) => a.ts - b.ts);
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // What runs inside another task counts with that one.
    if (ts < Math.max(start.ts, endOfLast) || ts >= paint.ts) continue;
    endOfLast = ts + dur;
    const counted = Math.min(dur, paint.ts - ts);
    busy += counted;
    cpu += dur > 0 ? (tdur * counted) / dur : 0;
  }
  return { cpuMs: cpu / 1000, busyMs: busy / 1000 };
}
