import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildManifest } from "#sdk/cli/build-manifest.ts";
import type { Asset } from "./page-with-assets.ts";

/** What `rivulet manifest` writes for these files. Its paths are relative to itself: it lies at the site's root. */
export async function manifestOf(assets: readonly Asset[]): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), "rivulet-assets-"));
  try {
    for (const { path, bytes } of assets) {
      const file = join(directory, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    const { text } = await buildManifest({ directory });
    return new TextEncoder().encode(text);
  } finally {
    await rm(directory, { recursive: true });
  }
}
