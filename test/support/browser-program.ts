import { delimiter, join } from "node:path";
import type { Browser } from "puppeteer-core";
import { isExecutable } from "./is-executable.ts";

/** A browser that does not close when asked is killed after this long, ms. */
const CLOSE_TIMEOUT_MS = 5_000;

/** The program that the variable `env` names, or the first of `names` on `PATH`. */
export function findBrowser(env: string, names: readonly string[]): string {
  const named = process.env[env];
  if (named) return named;
  for (const name of names) {
    for (const directory of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(directory, name);
      if (isExecutable(path)) return path;
    }
  }
  throw new Error(`Found none of ${names.join(", ")} on PATH; install one or set ${env}.`);
}

/** Ends this browser, and no other. */
export async function closeOrKill(browser: Browser): Promise<void> {
  const killer = setTimeout(() => browser.process()?.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
  try {
    await browser.close();
  } catch {
    // It crashed or was killed: gone either way.
  } finally {
    clearTimeout(killer);
  }
}
