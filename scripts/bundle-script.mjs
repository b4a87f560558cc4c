// The script of the script tag, as small as it gets: 30,000 bytes is all that a page should pay for it. What each step
// takes off the compressed script:
//
//   3.4 kB   simple-peer cut down: slim-simple-peer.mjs
//   1.2 kB   Rivulet's own names shortened: private-names.mjs
//   1.2 kB   terser on what esbuild made; it inlines what is used once, which esbuild does not
import { build } from "esbuild";
import { minify } from "terser";
import { browserOptions } from "./esbuild-slim.mjs";
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
  const { outputFiles, mangleCache } = await build({
    ...options,
    mangleProps: new RegExp(`^(${own.join("|").replaceAll("$", "\\$")})$`),
    mangleCache: {},
  });
  const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;
  const { code, map } = await minify(
    { "rivulet.js": textOf(".js") },
    {
      ecma: 2020,
      toplevel: true,
      // Sequences save bytes, but fewer than they cost gzip.
      compress: { passes: 3, sequences: false },
      sourceMap: { content: textOf(".js.map"), filename: "rivulet.js", url: "rivulet.js.map" },
    },
  );
  return { code: `${code}\n`, map, mangled: mangleCache, names: all };
}
