// npm run build: packages/*/dist and the demo's scripts. `--quiet` prints nothing but errors.
import { readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildTypes } from "./build-types.mjs";
import {
  buildDemo,
  buildModules,
  buildScripts,
  buildSdkCli,
  buildSignaling,
  TYPE_ENTRIES,
} from "./esbuild-packages.mjs";
import { ROOT } from "./esbuild-slim.mjs";

/** Builds the SDK's dist; returns what it built, or everything that went wrong. */
export async function buildSdkPackage(outDir) {
  await rm(outDir, { recursive: true, force: true });
  return settle(outDir, [
    buildScripts(outDir),
    buildModules(outDir),
    buildSdkCli(outDir),
    buildTypes({ sourceDir: "packages/sdk/src", entries: TYPE_ENTRIES.sdk, outDir: join(outDir, "types") }),
  ]);
}

/** Builds the server's dist. Its types are written against the SDK's, which must be there. */
export async function buildSignalingPackage(outDir, sdkDir) {
  await rm(outDir, { recursive: true, force: true });
  return settle(outDir, [
    buildSignaling(outDir),
    buildTypes({
      sourceDir: "packages/signaling/src",
      entries: TYPE_ENTRIES.signaling,
      outDir: join(outDir, "types"),
      paths: { "@rivulet/sdk/*": [join(sdkDir, "types/*/index.d.ts")] },
    }),
  ]);
}

async function buildDemoPages(outDir) {
  await rm(outDir, { recursive: true, force: true });
  return settle(outDir, [buildDemo(outDir)]);
}

async function settle(outDir, builds) {
  const results = await Promise.allSettled(builds);
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  // Half a build must not pass for one: whoever looks for a dist by its date would find it fresh.
  if (errors.length > 0) {
    await rm(outDir, { recursive: true, force: true });
    return { built: [], errors };
  }
  return {
    built: results.flatMap((result) => (result.status === "fulfilled" ? (result.value ?? []) : [])),
    errors,
  };
}

async function printSizes(built) {
  const rows = [["", "raw", "gzip"]];
  for (const { file, parts } of built) {
    const contents = await Promise.all(parts.map((part) => readFile(part)));
    const raw = contents.reduce((sum, bytes) => sum + bytes.length, 0);
    const gzip = contents.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    rows.push([file, raw.toLocaleString("en"), gzip.toLocaleString("en")]);
  }
  const width = Math.max(...rows.map(([file]) => file.length));
  for (const [file, raw, gzip] of rows)
    console.log(`${file.padEnd(width)} ${raw.padStart(10)} ${gzip.padStart(9)}`);
}

async function main(quiet) {
  const sdkDir = join(ROOT, "packages/sdk/dist");
  const demo = buildDemoPages(join(ROOT, "demo/public/build"));
  const sdk = await buildSdkPackage(sdkDir);
  const signaling = await buildSignalingPackage(join(ROOT, "packages/signaling/dist"), sdkDir);
  const results = [sdk, signaling, await demo];
  if (!quiet) await printSizes(results.flatMap(({ built }) => built));
  const errors = results.flatMap((result) => result.errors);
  for (const error of errors)
    console.error(`${relative(process.cwd(), fileURLToPath(import.meta.url))}: ${error.message}`);
  return errors.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.includes("--quiet"));
