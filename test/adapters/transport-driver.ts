import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import type { LinkEnd, LinkEvent, TransportPair } from "#test/contract/transport-ends.ts";
import type {} from "./transport-lab.ts";

/** Loads the lab into a page and carries what its links have to say to `onSignal`. */
export async function openLab(
  page: Page,
  script: string,
  onSignal: (name: string, signal: object) => void,
): Promise<void> {
  await page.exposeFunction("relaySignal", onSignal);
  await page.addScriptTag({ content: script });
}

/** The contract's two ends as links of two labs, which may be the same page. */
export function makePair(options: {
  readonly dialerPage: Page;
  readonly answererPage: Page;
  readonly script: string;
  readonly vanish?: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}): Promise<TransportPair> {
  return new Pair(options.dialerPage, options.answererPage).start(options);
}

class Pair {
  readonly #dialer: End;
  readonly #answerer: End;

  constructor(dialerPage: Page, answererPage: Page) {
    this.#dialer = new End("dialer", dialerPage);
    this.#answerer = new End("answerer", answererPage);
  }

  async start(options: {
    readonly script: string;
    readonly vanish?: () => Promise<void>;
    readonly dispose: () => Promise<void>;
  }): Promise<TransportPair> {
    const pages = new Set([this.#dialer.page, this.#answerer.page]);
    for (const page of pages) {
      await openLab(page, options.script, (name, signal) =>
        (name === "dialer" ? this.#answerer : this.#dialer).carry(signal),
      );
    }
    const { vanish } = options;
    let vanished = false;
    return {
      dialer: this.#dialer,
      answerer: this.#answerer,
      ...(vanish && {
        vanish: async () => {
          vanished = true;
          await vanish();
        },
      }),
      dispose: async () => {
        const left = vanished ? [this.#dialer.page] : pages;
        const unhandled = await Promise.all([...left].map((page) => page.evaluate(() => lab.unhandled())));
        await options.dispose();
        assert.deepEqual(unhandled.flat(), [], "An exception escaped into the page.");
      },
    };
  }
}

class End implements LinkEnd {
  readonly page: Page;
  readonly #name: string;
  #connected = false;
  #waiting: object[] = [];
  #carrying = Promise.resolve();

  constructor(name: string, page: Page) {
    this.#name = name;
    this.page = page;
  }

  /** Takes a signal from the other end: one after the other, once this end has connected. */
  carry(signal: object): void {
    if (!this.#connected) {
      this.#waiting.push(signal);
      return;
    }
    // A page that is being closed takes no more.
    this.#carrying = this.#carrying.then(() => this.signal(signal)).catch(() => {});
  }

  async connect(options?: { readonly connectTimeoutMs: number }): Promise<void> {
    await this.page.evaluate(
      (name, initiator, timeoutMs) => lab.connect(name, initiator, timeoutMs ?? undefined),
      this.#name,
      this.#name === "dialer",
      options?.connectTimeoutMs ?? null,
    );
    this.#connected = true;
    for (const signal of this.#waiting.splice(0)) this.carry(signal);
  }

  signal(signal: unknown): Promise<void> {
    return this.page.evaluate((name, it) => lab.signal(name, it as object), this.#name, signal);
  }

  send(frames: Parameters<LinkEnd["send"]>[0]): Promise<readonly boolean[]> {
    return this.page.evaluate((name, it) => lab.send(name, it), this.#name, frames);
  }

  pump(frames: Parameters<LinkEnd["pump"]>[0]): Promise<number> {
    return this.page.evaluate((name, it) => lab.pump(name, it), this.#name, frames);
  }

  sendRaw(raw: Parameters<LinkEnd["sendRaw"]>[0]): Promise<void> {
    return this.page.evaluate((name, it) => lab.sendRaw(name, it), this.#name, raw);
  }

  openAnotherChannel(): Promise<void> {
    return this.page.evaluate((name) => lab.openAnotherChannel(name), this.#name);
  }

  close(): Promise<void> {
    return this.page.evaluate((name) => lab.close(name), this.#name);
  }

  maxBufferedBytes(): Promise<number> {
    return this.page.evaluate(() => lab.maxBufferedBytes());
  }

  events(): Promise<readonly LinkEvent[]> {
    return this.page.evaluate((name) => lab.events(name), this.#name);
  }

  until(type: LinkEvent["type"], nth = 1): Promise<readonly LinkEvent[]> {
    return this.page.evaluate((name, what, n) => lab.until(name, what, n), this.#name, type, nth);
  }
}
