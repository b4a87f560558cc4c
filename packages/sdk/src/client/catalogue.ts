import type { Catalog } from "./catalog.ts";
import { keyOf } from "./resource-key.ts";

/** A listed resource as tabs and the Service Worker of a site know it; a tuple, for there may be many thousands. */
export type CatalogueEntry = readonly [
  /** Without its fragment, each character encoded as `normalizePath` has it. */
  url: string,
  sizeBytes: number,
  pieceBytes: number,
  /** Undefined when the manifest does not say. */
  mediaType: string | undefined,
  /** The Merkle root over the piece hashes. */
  root: Uint8Array,
  /** The SHA-256 of each piece, one after the other. */
  hashes: Uint8Array,
];

/** What a manifest lists, checked, and named by the hash of its bytes. */
export interface Catalogue {
  /** SHA-256 of the manifest, lower-case hex; empty: nothing is listed. */
  readonly content: string;
  readonly entries: readonly CatalogueEntry[];
}

/** Of a live stream nothing is listed: what it has is gone soon, and its player asks for it. */
export function catalogueOf(catalog: Catalog | undefined): Catalogue {
  if (!catalog || catalog.geometry.live) return { content: "", entries: [] };
  const { first, end } = catalog.geometry.indices;
  const entries: CatalogueEntry[] = [];
  for (let index = first; index < end; index++) {
    const url = catalog.listedUrl(index);
    // What the owner excludes is not found.
    if (catalog.find(url) !== index) continue;
    const { sizeBytes, pieceBytes, mediaType, root, hashes } = catalog.resource(index);
    entries.push([keyOf(url), sizeBytes, pieceBytes, mediaType, root, hashes]);
  }
  return { content: catalog.content, entries };
}
