import { webCryptoSha256 } from "#sdk/adapters/sha256.ts";
import { concatBytes, KIB, toBase64Url } from "#sdk/base/bytes.ts";
import { parseContentId, parseDialId, parsePeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { Catalog } from "#sdk/client/catalog.ts";
import type { Serves } from "#sdk/client/served-resources.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import type { Manifest, Resource } from "#sdk/content/manifest.ts";
import { merkleRoot } from "#sdk/content/merkle.ts";

export const PIECE_BYTES = 64 * KIB;
export const CONTENT = parseContentId("c".repeat(64));
export const BASE = "https://site.example/files/";
/** The name of a live stream: sixteen bytes. */
export const STREAM = toBase64Url(new Uint8Array(16).fill(7));
export const sha256 = webCryptoSha256();

export const peerId = (digit: string) => parsePeerId(digit.repeat(32));
export const dialId = (digit: string) => parseDialId(digit.repeat(16));

/** Bytes without a pattern; the same seed always gives the same. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

export async function resourceOf(path: string, bytes: Uint8Array, mediaType?: string): Promise<Resource> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(await sha256(bytes.subarray(at, at + PIECE_BYTES)));
  }
  const hashes = concatBytes(pieces);
  const root = await merkleRoot(hashes, sha256);
  return { path, sizeBytes: bytes.length, pieceBytes: PIECE_BYTES, mediaType, root, hashes };
}

export async function manifestOf(
  files: Readonly<Record<string, Uint8Array>>,
  base?: string,
): Promise<Manifest> {
  const resources = await Promise.all(Object.entries(files).map(([path, bytes]) => resourceOf(path, bytes)));
  return { base, resources };
}

export async function catalogOf(
  files: Readonly<Record<string, Uint8Array>>,
  base = BASE,
  serves?: Serves,
): Promise<Catalog> {
  const geometry = new Geometry(await manifestOf(files));
  return new Catalog({ content: CONTENT, geometry, base, hasher: sha256, serves });
}

/** A live manifest that lists these files, whose pieces are numbered one after the other from `first` on. */
export async function liveManifestOf(
  files: Readonly<Record<string, Uint8Array>>,
  { first = 0, stream = STREAM } = {},
): Promise<Manifest> {
  let next = first;
  const resources: Resource[] = [];
  for (const [path, bytes] of Object.entries(files)) {
    resources.push({ ...(await resourceOf(path, bytes)), firstPiece: next });
    next += Math.ceil(bytes.length / PIECE_BYTES);
  }
  return { base: undefined, live: { stream }, resources };
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A promise with its ends outside. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
