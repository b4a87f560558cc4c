import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import { closeOrKill, findBrowser } from "./browser-program.ts";

const NAMES = ["firefox-esr", "firefox"];
/**
 * Pages that are not in front run as fast as the one that is. WebRTC and Service Workers need no preference: addresses
 * stay hidden behind mDNS names, which Chromium resolves and whose own ones Firefox does, and http://127.0.0.1 counts as
 * secure. (Where loopback is the only interface, none would help: Chromium offers no address at all then.)
 */
const PREFERENCES = {
  "dom.min_background_timeout_value": 4,
  "dom.timeout.enable_budget_timer_throttling": false,
};

export interface Firefox {
  readonly browser: Browser;
  /** Ends this browser, and no other, and removes its profile. */
  close(): Promise<void>;
}

/** `FIREFOX_PATH`, or the first Firefox on `PATH`. */
export function findFirefox(): string {
  return findBrowser("FIREFOX_PATH", NAMES);
}

/** A browser of its own, with an empty profile, driven over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). */
export async function launchFirefox(): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), "rivulet-firefox-"));
  const browser = await launch({
    browser: "firefox",
    executablePath: findFirefox(),
    headless: true,
    userDataDir: profile,
    extraPrefsFirefox: PREFERENCES,
  });
  return {
    browser,
    close: async () => {
      await closeOrKill(browser);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
