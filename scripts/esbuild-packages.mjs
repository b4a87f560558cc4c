// What the two packages and the demo ship, as esbuild sees it. Each function returns the files that it wrote for people
// to use, so that their sizes can be printed.

import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { bundleEngine, bundleWorker } from "./bundle-small.mjs";
import { browserOptions, ROOT } from "./esbuild-slim.mjs";

const SDK = "packages/sdk/src";
const SIGNALING = "packages/signaling/src";

const SDK_MODULES = {
  index: `${SDK}/index.ts`,
  hls: `${SDK}/integrations/hls.ts`,
  shaka: `${SDK}/integrations/shaka.ts`,
  dash: `${SDK}/integrations/dash.ts`,
  protocol: `${SDK}/protocol/index.ts`,
  content: `${SDK}/content/index.ts`,
  share: `${SDK}/integrations/share/index.ts`,
};

/** Scripts beside that of the engine. Which globals they make is said in their entries. */
const SDK_SCRIPTS = {
  rivulet: `${SDK}/integrations/global.ts`,
  "rivulet-hls": `${SDK}/integrations/hls-script.ts`,
};

/** Run beside a page that shares files. A module without imports, so that it may be served from anywhere on a site. */
const SDK_WORKERS = { "rivulet-share-worker": `${SDK}/integrations/share/worker.ts` };

/** What `rivulet.js` loads when somebody asks for it. */
const SDK_LATE_MODULES = { "rivulet-panel": `${SDK}/integrations/panel/index.ts` };

/** The scripts that a site serves. One that loads another knows it by a name that changes with its contents. */
export async function buildScripts(outDir) {
  await mkdir(outDir, { recursive: true });
  const small = await Promise.all([
    writeSmall(join(outDir, "rivulet-engine.js"), bundleEngine()),
    writeSmall(join(outDir, "rivulet-sw.js"), bundleWorker()),
  ]);
  const browser = { ...browserOptions(), outdir: outDir, minify: true };
  const late = await bundle({ ...browser, entryPoints: present(SDK_LATE_MODULES), format: "esm" });
  const workers = await bundle({ ...browser, entryPoints: present(SDK_WORKERS), format: "esm" });
  const versioned = async (name) => {
    const hash = createHash("sha256").update(await readFile(join(outDir, name)));
    return JSON.stringify(`${name}?${hash.digest("hex").slice(0, 12)}`);
  };
  const define = {
    ...browser.define,
    ENGINE_FILE: await versioned("rivulet-engine.js"),
    PANEL_FILE: await versioned("rivulet-panel.js"),
  };
  const scripts = await bundle({ ...browser, define, entryPoints: present(SDK_SCRIPTS), format: "iife" });
  return [...scripts, ...small, ...late, ...workers];
}

async function writeSmall(file, bundling) {
  const { code, map } = await bundling;
  await Promise.all([writeFile(file, code), writeFile(`${file}.map`, map)]);
  return { file: relative(ROOT, file), parts: [file] };
}

/**
 * ES modules for users' bundlers, and for a page without one: idb-keyval (600 bytes) and simple-peer on its stand-ins
 * are bundled, so nothing is left to resolve or to polyfill. Shared chunks keep `instanceof RivuletError` true across
 * the entries.
 */
export async function buildModules(outDir) {
  const entries = present(SDK_MODULES);
  return bundle({ ...browserOptions(), ...SHARED_CHUNKS, entryPoints: entries, outdir: outDir });
}

export async function buildSdkCli(outDir) {
  return buildForNode({ cli: `${SDK}/cli/main.ts` }, outDir);
}

/** `@rivulet/sdk` stays a dependency: an error that the server throws is then of the class that its user imports. */
export async function buildSignaling(outDir) {
  return buildForNode({ index: `${SIGNALING}/index.ts`, cli: `${SIGNALING}/cli.ts` }, outDir);
}

/** One script for each page, straight from the SDK's source. */
export async function buildDemo(outDir) {
  const folder = join(ROOT, "demo/src/pages");
  if (!existsSync(folder)) return [];
  const pages = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  const entries = Object.fromEntries(pages.map((name) => [basename(name, ".ts"), `demo/src/pages/${name}`]));
  return bundle({
    ...browserOptions(),
    ...SHARED_CHUNKS,
    entryPoints: entries,
    minify: true,
    outdir: outDir,
  });
}

/** The sources of the package's type declarations. */
export const TYPE_ENTRIES = {
  sdk: Object.values(SDK_MODULES),
  signaling: [`${SIGNALING}/index.ts`],
};

const SHARED_CHUNKS = { format: "esm", splitting: true, chunkNames: "chunks/[name]-[hash]" };

async function buildForNode(entries, outDir) {
  const built = await bundle({
    ...SHARED_CHUNKS,
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["rivulet-source"],
    packages: "external",
    // Apart from the browser's, which need no packages.
    chunkNames: "node-chunks/[name]-[hash]",
    entryPoints: present(entries),
    outdir: outDir,
    logLevel: "silent",
  });
  await chmod(join(outDir, "cli.js"), 0o755);
  return built;
}

async function bundle(options) {
  const { metafile } = await build({ ...options, sourcemap: true, metafile: true });
  return Object.entries(metafile.outputs)
    .filter(([, output]) => output.entryPoint)
    .map(([file]) => ({ file, parts: withImports(metafile, file).map((part) => resolve(ROOT, part)) }));
}

/** A file and the chunks that are loaded with it, each once. */
function withImports(metafile, file, found = new Set()) {
  found.add(file);
  for (const { path, kind, external } of metafile.outputs[file].imports) {
    if (kind === "import-statement" && !external && !found.has(path)) withImports(metafile, path, found);
  }
  return [...found];
}

function present(entries) {
  for (const [name, entry] of Object.entries(entries)) {
    if (!existsSync(join(ROOT, entry))) throw new Error(`${name}.js has no source: ${entry} does not exist.`);
  }
  return entries;
}
