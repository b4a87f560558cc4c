import { concatBytes, equalBytes, toHex } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { type ContentId, parseContentId } from "../base/ids.ts";
import { second } from "../base/time.ts";
import { Geometry } from "../content/geometry.ts";
import { MAX_MANIFEST_BYTES } from "../content/limits.ts";
import { type Manifest, parseManifest, type Resource } from "../content/manifest.ts";
import { merkleRoot } from "../content/merkle.ts";
import { normalizePath } from "../content/url-path.ts";
import type { Hasher } from "../engine/ports.ts";

/** A manifest in use: which URL is which resource, and under what name peers know the content. */
export class Catalog {
  readonly content: ContentId;
  readonly geometry: Geometry;
  readonly #base: string;
  readonly #hasher: Hasher;
  readonly #byUrl = new Map<string, number>();
  readonly #sound = new Map<number, Promise<boolean>>();

  constructor(parts: { content: ContentId; geometry: Geometry; base: string; hasher: Hasher }) {
    this.content = parts.content;
    this.geometry = parts.geometry;
    this.#base = parts.base;
    this.#hasher = parts.hasher;
    parts.geometry.manifest.resources.forEach((resource, index) => {
      this.#byUrl.set(keyOf(new URL(resource.path, parts.base).href), index);
    });
  }

  /** The resource that a URL names, without its fragment; undefined when the manifest does not list it. */
  find(url: string): number | undefined {
    return this.#byUrl.get(keyOf(url));
  }

  resource(index: number): Resource {
    return this.geometry.resource(index);
  }

  url(index: number): string {
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
}

/**
 * Fetches a manifest and takes it into use.
 * @throws RivuletError `manifest-unreachable`, `manifest-too-large` or `manifest-malformed`.
 */
export async function loadCatalog(options: {
  readonly url: string;
  readonly hasher: Hasher;
  readonly fetch: Fetch;
}): Promise<Catalog> {
  const bytes = await download(options);
  const manifest = parseManifest(new TextDecoder().decode(bytes));
  const base = baseOf(manifest, options.url);
  const content = parseContentId(toHex(await options.hasher(bytes)));
  return new Catalog({ content, geometry: new Geometry(manifest), base, hasher: options.hasher });
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

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A page waits for its manifest, so one that hangs must not hang the page: no silence may be longer than this. */
const MOST_SILENCE_MS = 5 * second;

async function download(options: { url: string; fetch: Fetch }): Promise<Uint8Array> {
  const unreachable = (why: string, cause?: unknown) =>
    new RivuletError(
      "manifest-unreachable",
      `The manifest ${options.url} ${why}. Check the \`manifest\` option; \`rivulet manifest DIR\` writes one.`,
      { cause },
    );
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), MOST_SILENCE_MS);
  };
  try {
    heard();
    const response = await options.fetch(options.url, { signal: abort.signal });
    if (!response.ok) throw unreachable(`answered ${response.status}`);
    const tooLarge = new RivuletError(
      "manifest-too-large",
      `The manifest is over ${MAX_MANIFEST_BYTES} bytes; split the content.`,
    );
    if (Number(response.headers.get("content-length")) > MAX_MANIFEST_BYTES) throw tooLarge;
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      heard();
      length += part.value.byteLength;
      // Whatever its Content-Length promised, or did not.
      if (length > MAX_MANIFEST_BYTES) throw tooLarge;
      parts.push(part.value);
    }
    return concatBytes(parts);
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw unreachable("cannot be reached, or fell silent", cause);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/** One string for all ways to write the same URL. */
function keyOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + normalizePath(pathname) + search;
}
