import {
  formatManifest,
  HASH_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_PIECES,
  MAX_RESOURCES,
  type Resource,
} from "@rivulet/sdk/content";
import { type Failure, failed } from "./failure.ts";
import type { Digested } from "./resource-digests.ts";

/** A resource in its place. */
export interface Listed {
  readonly path: string;
  readonly resource: Digested;
}

export function resourceAt(path: string, { digest, mediaType }: Digested): Resource {
  return { path, mediaType, ...digest };
}

/** The manifest of resources that stay as they are, in their order. The same ones always give the same text. */
export function fixedManifest(
  origin: string,
  listed: readonly Listed[],
): { readonly type: "text"; readonly text: string } | Failure {
  const pieces = listed.reduce(
    (sum, { resource }) => sum + resource.digest.hashes.byteLength / HASH_BYTES,
    0,
  );
  if (listed.length > MAX_RESOURCES || pieces > MAX_PIECES)
    return failed(
      "content-too-large",
      `A manifest may list ${MAX_RESOURCES} resources and ${MAX_PIECES} pieces.`,
    );
  const resources = listed.map(({ path, resource }) => resourceAt(path, resource));
  const text = formatManifest({ base: `${origin}/`, resources });
  return text.length > MAX_MANIFEST_BYTES
    ? failed("content-too-large", `The manifest would have over ${MAX_MANIFEST_BYTES} bytes.`)
    : { type: "text", text };
}

export function contentTooLarge(maxTotalBytes: number): Failure {
  return failed("content-too-large", `One manifest may list ${maxTotalBytes} bytes; ask for several.`);
}
