import { readFile, stat } from "node:fs/promises";
import { RivuletError } from "../../base/errors.ts";
import { MAX_MANIFEST_BYTES } from "../../content/limits.ts";
import { type Manifest, parseManifest } from "../../content/manifest.ts";
import { isVanished } from "../list-files.ts";

/**
 * The live manifest that an earlier run left, so that its stream goes on and viewers stay together. Undefined when
 * there is none; what else lies there is told about, because it will be replaced.
 */
export async function readEarlierManifest(
  location: string,
  tell: (sentence: string) => void,
): Promise<Manifest | undefined> {
  try {
    const { size } = await stat(location);
    if (size > MAX_MANIFEST_BYTES) throw new Error(`it has over ${MAX_MANIFEST_BYTES} bytes`);
    const manifest = parseManifest(await readFile(location, "utf8"));
    if (manifest.live) return manifest;
    tell(
      `"${location}" was a manifest of files that stay as they are; it is replaced by that of a new live stream.`,
    );
  } catch (error) {
    if (!isVanished(error))
      tell(`"${location}" is replaced by the manifest of a new stream: ${reasonOf(error)}`);
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof RivuletError) return "what was there is not a sound manifest.";
  return `what was there cannot be read (${error instanceof Error ? error.message : error}).`;
}
