import { equalBytes } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import type { ContentId } from "../base/ids.ts";
import { Geometry } from "../content/geometry.ts";
import type { Manifest, Resource } from "../content/manifest.ts";
import { merkleRoot } from "../content/merkle.ts";
import type { Hasher } from "../engine/ports.ts";
import { loadManifest, type ManifestFile } from "./manifest-file.ts";
import { keyOf } from "./resource-key.ts";
import type { Serves } from "./served-resources.ts";

/** A manifest in use: which URL is which resource, and under what name peers know the content. */
export class Catalog {
  readonly content: ContentId;
  readonly geometry: Geometry;
  readonly #base: string;
  readonly #hasher: Hasher;
  readonly #serves: Serves;
  readonly #byUrl = new Map<string, number>();
  readonly #sound = new Map<number, Promise<boolean>>();

  /** What the page called a resource last, when that is more than the manifest does: a signature of its own. */
  readonly #asked = new Map<number, string>();

  constructor(parts: {
    readonly content: ContentId;
    readonly geometry: Geometry;
    readonly base: string;
    readonly hasher: Hasher;
    /** By default everything that is listed is served. */
    readonly serves?: Serves | undefined;
  }) {
    this.content = parts.content;
    this.geometry = parts.geometry;
    this.#base = parts.base;
    this.#hasher = parts.hasher;
    this.#serves = parts.serves ?? (() => true);
    this.#index(parts.geometry.indices.first);
  }

  /**
   * The resource that a URL names, without its fragment; undefined when the manifest does not list it, or its owner
   * leaves it to the browser.
   */
  find(url: string): number | undefined {
    const index = this.#listed(url);
    return index !== undefined && this.#serves(url, this.resource(index).sizeBytes) ? index : undefined;
  }

  /** True when the owner leaves to the browser what this URL names, with its query or without; listed or not. */
  leaves(url: string): boolean {
    const index = this.#listed(url) ?? this.#listed(url.replace(/\?.*/s, ""));
    return !this.#serves(url, index === undefined ? index : this.resource(index).sizeBytes);
  }

  /** As `find`, whatever the query: that of media is often a signature, another one for each viewer. */
  findPath(url: string): number | undefined {
    const { protocol, origin, pathname, search } = new URL(url);
    if (!/^https?:$/.test(protocol)) return undefined;
    const index = this.find(url) ?? this.find(origin + pathname);
    if (index !== undefined && search !== "") this.#asked.set(index, url);
    return index;
  }

  /** Takes in a later state of a live manifest, which the engine is to be told of. */
  grow(manifest: Manifest): void {
    const { end } = this.geometry.indices;
    this.geometry.grow(manifest);
    for (const index of this.#sound.keys()) if (!this.geometry.knows(index)) this.#sound.delete(index);
    for (const index of this.#asked.keys()) if (!this.geometry.knows(index)) this.#asked.delete(index);
    for (const [url, index] of this.#byUrl) if (!this.geometry.knows(index)) this.#byUrl.delete(url);
    this.#index(end);
  }

  resource(index: number): Resource {
    return this.geometry.resource(index);
  }

  url(index: number): string {
    return this.#asked.get(index) ?? this.listedUrl(index);
  }

  /** Where the manifest says that a resource is, whatever the page calls it. */
  listedUrl(index: number): string {
    return new URL(this.resource(index).path, this.#base).href;
  }

  /** True when the resource's piece hashes add up to its Merkle root; computed once. */
  sound(index: number): Promise<boolean> {
    let sound = this.#sound.get(index);
    if (!sound) {
      const { hashes, root } = this.resource(index);
      sound = merkleRoot(hashes, this.#hasher).then((computed) => equalBytes(computed, root));
      this.#sound.set(index, sound);
    }
    return sound;
  }

  #listed(url: string): number | undefined {
    const index = this.#byUrl.get(keyOf(url));
    return index !== undefined && this.geometry.knows(index) ? index : undefined;
  }

  #index(first: number): void {
    for (let index = first; index < this.geometry.indices.end; index++)
      this.#byUrl.set(keyOf(new URL(this.resource(index).path, this.#base).href), index);
  }
}

/**
 * Fetches a manifest and takes it into use.
 * @throws RivuletError `manifest-unreachable`, `manifest-too-large` or `manifest-malformed`.
 */
export async function loadCatalog(file: ManifestFile, serves?: Serves): Promise<Catalog> {
  const { manifest, content } = await loadManifest(file);
  const base = baseOf(manifest, file.url);
  return new Catalog({ content, geometry: new Geometry(manifest), base, hasher: file.hasher, serves });
}

function baseOf(manifest: Manifest, manifestUrl: string): string {
  const base = manifest.base ?? ".";
  try {
    const { href, protocol } = new URL(base, manifestUrl);
    if (protocol === "http:" || protocol === "https:") return href;
    throw new TypeError(`No origin serves ${protocol} URLs.`);
  } catch (cause) {
    throw new RivuletError(
      "manifest-malformed",
      `The manifest's base "${base}" is not an http: or https: URL. Give another with \`rivulet manifest --base\`.`,
      { cause },
    );
  }
}
