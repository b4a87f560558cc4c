import { concatBytes, toHex } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import { type ContentId, parseContentId } from "../base/ids.ts";
import { second } from "../base/time.ts";
import { MAX_MANIFEST_BYTES } from "../content/limits.ts";
import { type Manifest, parseManifest } from "../content/manifest.ts";
import type { Hasher } from "../engine/ports.ts";
import { checkSignature, SIGNATURE_HEADER } from "./manifest-signature.ts";

/** A manifest as it was fetched, and the name of its content. */
export interface LoadedManifest {
  readonly manifest: Manifest;
  readonly content: ContentId;
}

export interface ManifestFile {
  readonly url: string;
  readonly hasher: Hasher;
  readonly fetch: Fetch;
  /** Whose signature it must bear, when it must bear one: 32 bytes of Ed25519 as base64url. */
  readonly key?: string | undefined;
}

/**
 * Fetches a manifest.
 * @throws RivuletError `manifest-unreachable`, `manifest-too-large`, `manifest-malformed` or `manifest-untrusted`.
 */
export async function loadManifest(file: ManifestFile): Promise<LoadedManifest> {
  const bytes = await download(file);
  const manifest = parseManifest(new TextDecoder().decode(bytes));
  // That of a live stream changes with each segment: what names its content is the name that they all give the stream.
  const named = manifest.live
    ? new TextEncoder().encode(`rivulet live stream ${manifest.live.stream}`)
    : bytes;
  return { manifest, content: parseContentId(toHex(await file.hasher(named))) };
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A page waits for its manifest, so one that hangs must not hang the page: no silence may be longer than this. */
const MOST_SILENCE_MS = 5 * second;

async function download(options: Omit<ManifestFile, "hasher">): Promise<Uint8Array> {
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
    const bytes = concatBytes(parts);
    const { key } = options;
    if (key !== undefined)
      await checkSignature(bytes, { key, signature: response.headers.get(SIGNATURE_HEADER) });
    return bytes;
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    throw unreachable("cannot be reached, or fell silent", cause);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}
