// Bundles Rivulet for browsers.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { slimSimplePeer } from "./slim-simple-peer.mjs";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** What every bundle for browsers shares; spread it into esbuild's options. */
export function browserOptions() {
  return {
    absWorkingDir: ROOT,
    bundle: true,
    platform: "browser",
    target: ["es2022", "chrome100", "firefox100", "safari15.4"],
    conditions: ["rivulet-source"],
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
    plugins: [slimSimplePeer()],
    legalComments: "none",
    logLevel: "silent",
  };
}

/**
 * Bundles one entry for a browser and returns the script's text.
 * @param {{ entry?: string, contents?: string, format?: "iife" | "esm", globalName?: string }} options
 * `entry` is a path from the repository's root; `contents` is TypeScript that imports from there (`#sdk/…` works too).
 */
export async function bundleForBrowser({ entry, contents, format = "iife", globalName }) {
  const { outputFiles } = await build({
    ...browserOptions(),
    ...(contents === undefined
      ? { entryPoints: [entry] }
      : { stdin: { contents, resolveDir: ROOT, loader: "ts", sourcefile: "bundled-for-browser.ts" } }),
    format,
    globalName,
    write: false,
  });
  return outputFiles[0].text;
}
