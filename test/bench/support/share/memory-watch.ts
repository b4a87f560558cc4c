import type { CDPSession, Page } from "puppeteer-core";
import { median } from "../../../support/median.ts";
import { pause, type Side } from "./bench-page.ts";
import { browserMemory, type ProcessMemory } from "./process-memory.ts";

/** What one end holds at one moment, bytes. */
export interface Held extends ProcessMemory {
  /** Objects of the scripts of the page and its workers, and the browser's objects that these see. */
  readonly heap: number;
  /** What their ArrayBuffers hold. */
  readonly buffers: number;
  /** What else the pages' processes hold: what is sent or has come and no script has yet, compiled code, and the rest. */
  readonly rest: number;
}

export const PARTS = ["renderer", "heap", "buffers", "rest", "network", "others"] as const;

const EVERY_MS = 250;
const SETTLE_MS = 2000;

/** Looks at one browser with one page, four times a second. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #collects: boolean;
  #scripts = { heap: 0, buffers: 0 };
  #isAsking = false;
  #seen: Held[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: {
    readonly pid: number;
    readonly page: Page;
    readonly session: CDPSession;
    readonly collects: boolean;
  }) {
    this.#pid = parts.pid;
    this.#page = parts.page;
    this.#session = parts.session;
    this.#collects = parts.collects;
  }

  /** @param collects have garbage collected before each look at the scripts: what is left is in use */
  static async of({ chromium: { browser } }: Side, page: Page, collects: boolean): Promise<MemoryWatch> {
    // The blank page that it opens with would be a renderer of its own.
    for (const other of await browser.pages()) if (other !== page) await other.close();
    const pid = browser.process()?.pid;
    if (pid === undefined) throw new Error("The browser has no process.");
    return new MemoryWatch({ pid, page, session: await page.createCDPSession(), collects });
  }

  /** What it holds at rest, without garbage. */
  async idle(): Promise<Held> {
    await pause(SETTLE_MS);
    await this.#session.send("HeapProfiler.collectGarbage");
    this.begin();
    await pause(SETTLE_MS);
    const seen = this.end();
    const middle = PARTS.map((part) => [part, median(seen.map((held) => held[part]))]);
    return Object.fromEntries(middle);
  }

  begin(): void {
    this.#seen = [];
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  end(): readonly Held[] {
    clearInterval(this.#timer);
    this.#look();
    return this.#seen;
  }

  #look(): void {
    const memory = browserMemory(this.#pid);
    const { heap, buffers } = this.#scripts;
    this.#seen.push({ ...memory, heap, buffers, rest: memory.renderer - heap - buffers });
    if (this.#isAsking) return;
    // A busy page answers late; its processes are looked at meanwhile.
    this.#isAsking = true;
    this.#ask()
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #ask(): Promise<void> {
    const sessions = [this.#session, ...this.#page.workers().map(({ client }) => client)];
    if (this.#collects)
      await Promise.all(sessions.map((session) => session.send("HeapProfiler.collectGarbage")));
    const usages = await Promise.all(sessions.map((session) => session.send("Runtime.getHeapUsage")));
    this.#scripts = {
      heap: usages.reduce(
        (sum, { usedSize, embedderHeapUsedSize }) => sum + usedSize + embedderHeapUsedSize,
        0,
      ),
      buffers: usages.reduce((sum, { backingStorageSize }) => sum + backingStorageSize, 0),
    };
  }
}
