// The scripts that many pages load, as small as they get (docs/decisions/0029). What each step takes off that of the engine,
// compressed:
//
//   3.8 kB   simple-peer cut down: slim-simple-peer.mjs
//   1.0 kB   Rivulet's own names shortened: private-names.mjs
//   0.3 kB   private members made plain ones: plain-fields.mjs
//   1.7 kB   swc on what esbuild made; it inlines what is used once, which esbuild does not
import { transform } from "@swc/core";
import { build } from "esbuild";
import { browserOptions } from "./esbuild-slim.mjs";
import { privateMembers, withPlainFields } from "./plain-fields.mjs";
import { privateNames } from "./private-names.mjs";

const INTEGRATIONS = "packages/sdk/src/integrations";

/** `rivulet-engine.js`, an ES module. */
export function bundleEngine() {
  return bundleSmall({
    name: "rivulet-engine.js",
    entry: `${INTEGRATIONS}/engine-script.ts`,
    format: "esm",
  });
}

/** `rivulet-sw.js`, a classic script, so that a site's own worker can import it. */
export function bundleWorker() {
  return bundleSmall({
    name: "rivulet-sw.js",
    entry: `${INTEGRATIONS}/worker/service-worker.ts`,
    format: "iife",
  });
}

/** A script, its source map, what each shortened name became, and all property names that there were. */
async function bundleSmall({ name, entry, format }) {
  const options = {
    ...browserOptions(),
    entryPoints: [entry],
    outfile: name,
    format,
    minify: true,
    sourcemap: "external",
    write: false,
  };
  const { all, own } = await privateNames(options);
  const mangleProps = new RegExp(`^(${own.join("|").replaceAll("$", "\\$")})$`);
  // esbuild calls private members by the same few names in each class. Made plain, they must find those names free.
  const taken = {};
  let built;
  do {
    built = await build({ ...options, mangleProps, mangleCache: { ...taken } });
  } while (addAll(taken, privateMembers(textOf(built, ".js"))));
  const { code, map } = await transform(withPlainFields(textOf(built, ".js")), {
    filename: name,
    isModule: format === "esm",
    minify: true,
    sourceMaps: true,
    inputSourceMap: textOf(built, ".js.map"),
    jsc: {
      target: "es2022",
      // Sequences save bytes, but fewer than they cost gzip.
      minify: { compress: { passes: 3, toplevel: true, sequences: false }, mangle: { toplevel: true } },
    },
  });
  const mangled = Object.fromEntries(Object.entries(built.mangleCache).filter(([, short]) => short));
  // A worker's debugger finds its map by name as well, and each byte of a worker counts.
  const mapped = format === "esm" ? `${code}\n//# sourceMappingURL=${name}.map\n` : code;
  return { code: mapped, map, mangled, names: all };
}

function textOf({ outputFiles }, end) {
  return outputFiles.find(({ path }) => path.endsWith(end)).text;
}

/** False when all of them were there. */
function addAll(taken, names) {
  const fresh = names.filter((name) => !(name in taken));
  for (const name of fresh) taken[name] = false;
  return fresh.length > 0;
}
