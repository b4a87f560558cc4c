import type { TestContext } from "node:test";
import type { RivuletOptions } from "#sdk/client/options.ts";
import type { Rivulet } from "#sdk/client/rivulet.ts";
import type { LeaderTab } from "#sdk/integrations/site/leader-tab.ts";
import type { Surroundings } from "#sdk/integrations/site/seat.ts";
import { SharedRivulet } from "#sdk/integrations/site/shared-rivulet.ts";
import { bytesOf } from "../../../client/support/sample.ts";
import { FakeLocks } from "../../../client/tabs/support/fake-locks.ts";
import { FakeEngine, type Files } from "./fake-engine.ts";

export const FILM_BYTES = bytesOf(12_345);
const PAGE = "https://site.example/page.html";
export const FILM = "https://site.example/film.bin";

let sites = 0;

/** A browser with tabs of one site. Engines are made as tabs come to lead, and start by themselves unless told not to. */
export interface FakeBrowser {
  readonly engines: FakeEngine[];
  /** What went to the page's own `fetch`. */
  readonly plain: string[];
  /** Timers of minutes, which a test does not wait for. */
  readonly lateTimers: (() => void)[];
  readonly locks: FakeLocks;
  /** Name of the channel that all tabs hear. */
  readonly room: string;
  readonly onLead: { tab: LeaderTab; over: boolean }[];
  /** What the engines made from here on have, do, and are. */
  next: { files: Files; version: number; starts: boolean };
  open(around?: Partial<Surroundings>, options?: Partial<RivuletOptions>): SharedRivulet;
}

export function openBrowser(t: TestContext): FakeBrowser {
  const manifest = `/rivulet-${++sites}.json`;
  const tabs: SharedRivulet[] = [];
  const { setTimeout } = globalThis;
  const browser: FakeBrowser = {
    engines: [],
    plain: [],
    lateTimers: [],
    locks: new FakeLocks(),
    room: `rivulet ${new URL(manifest, PAGE).href}`,
    onLead: [],
    next: { files: new Map([[FILM, FILM_BYTES]]), version: 1, starts: true },
    open(around = {}, options = {}) {
      class Engine extends FakeEngine {
        constructor() {
          super(browser.next.files, browser.next.version);
          browser.engines.push(this);
          if (browser.next.starts) this.start();
        }
      }
      const given = { signal: "wss://signal.invalid", manifest, ...options };
      const tab = new SharedRivulet(given, {
        pageUrl: PAGE,
        locks: browser.locks,
        consent: Promise.resolve(),
        loadEngine: async () => () => new Engine() as unknown as Rivulet,
        onLead: (leader) => {
          const leading = { tab: leader, over: false };
          browser.onLead.push(leading);
          return () => {
            leading.over = true;
          };
        },
        ...around,
      });
      tabs.push(tab);
      return tab;
    },
  };
  t.mock.method(globalThis, "fetch", async (input: RequestInfo | URL) => {
    browser.plain.push(String(input));
    return new Response("the origin's own");
  });
  t.mock.method(globalThis, "setTimeout", (callback: () => void, ms: number) => {
    if (ms < 10_000) return setTimeout(callback, ms);
    browser.lateTimers.push(callback);
    return undefined;
  });
  // What is wrong is told on the console, which a test run need not show.
  t.mock.method(console, "error", () => undefined);
  t.after(async () => {
    await Promise.all(tabs.map((tab) => tab.destroy()));
    for (const late of browser.lateTimers) late();
  });
  return browser;
}

/** Waits until it is so; for what does not come to be, 3 s and more. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries === 1500) throw new Error(`It never came to be: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
