import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A page's script from this folder, with the built modules at `/sdk/` for the sources that it names, as a page has them. */
export async function bundlePage(entry: string, built: Readonly<Record<string, string>>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    alias: { ...built },
    external: ["/sdk/*"],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
