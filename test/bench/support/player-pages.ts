import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Engine } from "./engines.ts";

const PAGES = fileURLToPath(new URL("page/", import.meta.url));
/** Where the incumbent is installed; see scripts/bench.mjs. */
export const INCUMBENT = fileURLToPath(new URL("../../incumbents/node_modules/", import.meta.url));
/** The page's own modules; all but the first one are started as soon as they are there. */
const ENTRIES: Readonly<Record<Engine, readonly string[]>> = {
  plain: ["plain"],
  rivulet: ["rivulet", "rivulet-start"],
  p2pml: ["incumbent"],
};
/** Its own builds for pages, as its README has them. */
const INCUMBENT_BUILDS = {
  "p2p-media-loader-core": join(INCUMBENT, "p2p-media-loader-core/dist/p2p-media-loader-core.es.min.js"),
  "p2p-media-loader-hlsjs": join(INCUMBENT, "p2p-media-loader-hlsjs/dist/p2p-media-loader-hlsjs.es.min.js"),
};

/**
 * The pages of some engines, by their path at the origin: hls.js from a script tag (only then has it a worker), and one
 * minified script for the rest, or as many as its engine's README has. All texts are compressed.
 */
export async function playerPages(engines: readonly Engine[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const engine of engines) {
    if (engine === "p2pml" && !existsSync(INCUMBENT_BUILDS["p2p-media-loader-core"]))
      throw new Error("The incumbent is not installed; run this through `npm run bench`.");
    const { outputFiles } = await build({
      entryPoints: ENTRIES[engine].map((name) => join(PAGES, `${name}.ts`)),
      alias: INCUMBENT_BUILDS,
      bundle: true,
      splitting: true,
      outdir: PAGES,
      minify: true,
      write: false,
      format: "esm",
      target: "es2022",
      logLevel: "warning",
    });
    for (const { path, contents } of outputFiles) files.set(`/bench/${basename(path)}`, contents);
    const scripts = outputFiles.map(({ path }) => `/bench/${basename(path)}`);
    files.set(`/bench/${engine}.html`, new TextEncoder().encode(page(engine, scripts)));
  }
  return files;
}

/** As the README has it; here the manifest is named by the URL of the page. */
const PRELOAD = `<script>
document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous",
  href: new URLSearchParams(location.search).get("manifest") }));
</script>
`;

/** Bundlers announce a page's scripts in its head, so that none waits for another to be read. */
function page(engine: Engine, scripts: readonly string[]): string {
  const links = scripts.map((script) => `<link rel="modulepreload" href="${script}">`).join("\n");
  const [main, ...others] = ENTRIES[engine];
  const early = others
    .map((name) => `<script type="module" async src="/bench/${name}.js"></script>\n`)
    .join("");
  return `<!doctype html><meta charset="utf-8"><title>${engine}</title><link rel="icon" href="data:,">
${links}
${engine === "rivulet" ? PRELOAD : ""}${early}<video muted autoplay playsinline width="320" height="180"></video>
<script src="/hls/hls.min.js"></script>
<script type="module" src="/bench/${main}.js"></script>`;
}
