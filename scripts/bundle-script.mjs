// The script of the script tag, as small as it gets: 30,000 bytes is all that a page should pay for it. What each step
// takes off the compressed script:
//
//   3.4 kB   simple-peer cut down: slim-simple-peer.mjs
//   1.2 kB   Rivulet's own names shortened: private-names.mjs
//   0.3 kB   private members made plain ones: plain-fields.mjs
//   1.2 kB   terser on what esbuild made; it inlines what is used once, which esbuild does not
import { build } from "esbuild";
import { minify } from "terser";
import { browserOptions } from "./esbuild-slim.mjs";
import { privateMembers, withPlainFields } from "./plain-fields.mjs";
import { privateNames } from "./private-names.mjs";

/** The script, its source map, what each shortened name became, and all property names that there were. */
export async function bundleScript() {
  const options = {
    ...browserOptions(),
    entryPoints: ["packages/sdk/src/integrations/global.ts"],
    outfile: "rivulet.js",
    format: "iife",
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
  const { code, map } = await minify(
    { "rivulet.js": withPlainFields(textOf(built, ".js")) },
    {
      ecma: 2020,
      toplevel: true,
      // Sequences save bytes, but fewer than they cost gzip.
      compress: { passes: 3, sequences: false },
      sourceMap: { content: textOf(built, ".js.map"), filename: "rivulet.js", url: "rivulet.js.map" },
    },
  );
  const mangled = Object.fromEntries(Object.entries(built.mangleCache).filter(([, short]) => short));
  return { code: `${code}\n`, map, mangled, names: all };
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
