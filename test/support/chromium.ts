import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import { closeOrKill, findBrowser } from "./browser-program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

export interface ChromiumOptions {
  /** Added to the arguments that keep the browser quiet. */
  readonly args?: readonly string[];
  /** False shows the windows. */
  readonly headless?: boolean;
  /** A profile folder of the caller's, which stays; by default one is made, and goes. */
  readonly profile?: string;
}

export interface Chromium {
  readonly browser: Browser;
  /** Ends this browser, and no other, and removes its profile. */
  close(): Promise<void>;
}

/** `CHROME_PATH`, or the first Chromium or Chrome on `PATH`. */
export function findChromium(): string {
  return findBrowser("CHROME_PATH", NAMES);
}

/** A browser of its own, with an empty profile unless one is given. */
export async function launchChromium({
  args = [],
  headless = true,
  profile: given,
}: ChromiumOptions = {}): Promise<Chromium> {
  const profile = given ?? (await mkdtemp(join(tmpdir(), "rivulet-chromium-")));
  const browser = await launch({
    executablePath: findChromium(),
    headless,
    userDataDir: profile,
    args: [
      // Containers run as root, where Chromium's sandbox cannot.
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
  return {
    browser,
    close: async () => {
      await closeOrKill(browser);
      if (!given) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
