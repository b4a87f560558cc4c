// Which property names of the script are Rivulet's own, so that they may be shortened (esbuild's `mangleProps`; 1.0 kB
// of the compressed script). The list is derived anew for each build, and in doubt a name stays as it is: it is short of
// every name that a browser, a package, another machine, a disk or the page's own code could know.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SDK = "packages/sdk/src/";

/** Where names leave the script or enter it: every word of these files is kept. A folder ends in a slash. */
const BOUNDARIES = [
  // The page's code: options, events, figures, members and what the script tag leaves.
  "base/errors.ts",
  "client/catalogue.ts",
  "client/events.ts",
  "client/options.ts",
  "client/playback.ts",
  "client/rivulet.ts",
  "client/statistics.ts",
  // Other scripts of the site.
  "client/tabs/relay-messages.ts",
  "integrations/",
  "integrations/worker/messages.ts",
  "integrations/worker/service-worker.ts",
  // Other machines, as JSON.
  "adapters/simple-peer-signal.ts",
  "content/live-stream.ts",
  "content/manifest.ts",
  "content/manifest-fields.ts",
  "engine/node/signal-json.ts",
  "protocol/signaling/",
  // The disk.
  "adapters/indexeddb-store-disk.ts",
  "adapters/indexeddb-store-index.ts",
  "adapters/catalogue-records.ts",
  // What browsers have and TypeScript's declarations lack.
  "adapters/conditions.ts",
];

/** What is within a boundary that is a folder, and yet none. */
const INSIDE = "integrations/worker/";

/** Turns names into data, or data into names. A file that does must be a boundary, or be known to do no harm. */
const NAMES_AS_DATA =
  /\bJSON\.|\bObject\.(keys|values|entries|assign|fromEntries|getOwn\w+|hasOwn)|\bReflect\.|\bstructuredClone\b|\bpostMessage\b|\bfor \((?:const|let) \w+ in /;
const HARMLESS = new Set([
  // The names of options, which are kept.
  "client/check-options.ts",
  "client/option-rules.ts",
  // The types of frames, which are strings elsewhere.
  "protocol/frame.ts",
  // Posts a number, and to itself.
  "client/want-stream.ts",
  // Quotes a path in an error.
  "content/url-path.ts",
  // Posts messages of integrations/worker/messages.ts alone.
  "integrations/worker/leaders.ts",
]);

/** All property names in what these esbuild options build, and those of them that may be shortened. */
export async function privateNames(options) {
  const { names, sources } = await namesUsed(options);
  const keep = new Set();
  const keepAll = (text) => {
    for (const word of wordsOf(text)) keep.add(word);
  };
  for (const text of await platformDeclarations()) for (const name of declaredNames(text)) keep.add(name);
  for (const path of ["idb-keyval/dist/index.js", "simple-peer/index.js"]) {
    const text = await readFile(join(ROOT, "node_modules", path), "utf8");
    // simple-peer's `_private` names are read by simple-peer-internals.ts alone, which is in the same script.
    keepAll(text.replace(/\b_\w+/g, ""));
  }
  // A boundary of types alone is not among the sources of a bundle, and yet others read what it names.
  for (const path of BOUNDARIES)
    if (!path.endsWith("/")) keepAll(await readFile(join(ROOT, SDK, path), "utf8"));
  const computed = [];
  for (const path of sources) {
    const text = await readFile(join(ROOT, SDK, path), "utf8");
    if (isBoundary(path)) keepAll(text);
    else if (NAMES_AS_DATA.test(text) && !HARMLESS.has(path))
      throw new Error(
        `${SDK}${path} has ${NAMES_AS_DATA.exec(text)[0]}: name it in BOUNDARIES or HARMLESS of scripts/private-names.mjs.`,
      );
    // Anything that is also a string could be used as a key.
    for (const [, name] of text.matchAll(/["'`]([\w$]+)["'`]/g)) keep.add(name);
    for (const [, key] of text.matchAll(/\[`([^`]*)`\]/g))
      computed.push(new RegExp(`^${key.replace(/\$\{[^}]*\}/g, "\\w*")}$`));
  }
  return {
    all: names,
    own: names.filter((name) => !keep.has(name) && !computed.some((key) => key.test(name))),
  };
}

function isBoundary(path) {
  if (BOUNDARIES.includes(path)) return true;
  return !path.startsWith(INSIDE) && BOUNDARIES.some((one) => one.endsWith("/") && path.startsWith(one));
}

/** Every property name in a bundle that is not quoted, as esbuild sees it, and the SDK's files that are in it. */
async function namesUsed(options) {
  const { mangleCache, metafile } = await build({
    ...options,
    mangleProps: /./,
    mangleCache: {},
    metafile: true,
    write: false,
  });
  const sources = Object.keys(metafile.inputs).filter((path) => path.startsWith(SDK));
  return { names: Object.keys(mangleCache), sources: sources.map((path) => path.slice(SDK.length)) };
}

/** TypeScript's lib.*.d.ts: all of ECMAScript and of the browser. */
async function platformDeclarations() {
  const scope = join(ROOT, "node_modules/@typescript");
  const platforms = existsSync(scope) ? (await readdir(scope)).map((name) => join(scope, name, "lib")) : [];
  const folder = [...platforms, join(ROOT, "node_modules/typescript/lib")].find((path) =>
    existsSync(join(path, "lib.dom.d.ts")),
  );
  if (!folder) throw new Error("TypeScript's lib.dom.d.ts is nowhere to be found; run `npm install`.");
  const files = (await readdir(folder)).filter((name) => /^lib\..*\.d\.ts$/.test(name));
  return Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
}

/** What declarations declare (exported for its test): members and globals, but not what they call their parameters. */
export function declaredNames(declarations) {
  const DECLARED =
    /(?:^|[{;])\s*(?:(?:declare|var|let|const|function|namespace|class|interface|readonly|get|set) )*"?([\w$]+)"?\??(?=\s*[:(<{])/gm;
  return Array.from(withoutComments(declarations).matchAll(DECLARED), ([, name]) => name);
}

function wordsOf(text) {
  return withoutComments(text).match(/[\w$]+/g) ?? [];
}

function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, " ").replace(/(^|\s)\/\/ .*$/gm, " ");
}
