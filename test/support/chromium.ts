import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import { isExecutable } from "./is-executable.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
/** A browser that does not close when asked is killed after this long, ms. */
const CLOSE_TIMEOUT_MS = 5_000;

export interface ChromiumOptions {
  /** Added to the arguments that keep the browser quiet. */
  readonly args?: readonly string[];
  /** False shows the windows. */
  readonly headless?: boolean;
}

export interface Chromium {
  readonly browser: Browser;
  /** Ends this browser, and no other, and removes its profile. */
  close(): Promise<void>;
}

/** `CHROME_PATH`, or the first Chromium or Chrome on `PATH`. */
export function findChromium(): string {
  const named = process.env.CHROME_PATH;
  if (named) return named;
  for (const name of NAMES) {
    for (const directory of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(directory, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error(`Found none of ${NAMES.join(", ")} on PATH; install one or set CHROME_PATH.`);
}

/** A browser of its own, with an empty profile. */
export async function launchChromium({
  args = [],
  headless = true,
}: ChromiumOptions = {}): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "rivulet-chromium-"));
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
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function closeOrKill(browser: Browser): Promise<void> {
  const killer = setTimeout(() => browser.process()?.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
  try {
    await browser.close();
  } catch {
    // It crashed or was killed: gone either way.
  } finally {
    clearTimeout(killer);
  }
}
