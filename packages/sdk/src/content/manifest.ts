import { fromBase64Url, toBase64Url } from "../base/bytes.ts";
import {
  HASH_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_PATH_LENGTH,
  MAX_PIECE_BYTES,
  MAX_PIECES,
  MAX_RESOURCES,
  MIN_PIECE_BYTES,
} from "./limits.ts";
import { formatLiveStream, type LiveStream, PieceNumbers, parseLiveStream } from "./live-stream.ts";
import { isWhole, malformed, record, tooLarge } from "./manifest-fields.ts";

/** One file or one media segment of a content. */
export interface Resource {
  /** Where it is, relative to the manifest's base: no leading slash, percent-encoded as in a URL. */
  readonly path: string;
  /** Length in bytes; 0 is a resource without pieces. */
  readonly sizeBytes: number;
  /** Length of every piece but the last, a power of two. */
  readonly pieceBytes: number;
  /** The media type its Response is given, when the builder knew one. */
  readonly mediaType: string | undefined;
  /** Root of the Merkle tree over the piece hashes (see merkle.ts), 32 bytes. */
  readonly root: Uint8Array;
  /** The SHA-256 of each piece, one after the other, 32 bytes each. */
  readonly hashes: Uint8Array;
  /** The number of its first piece within the stream; there in a live manifest, and only there. */
  readonly firstPiece?: number | undefined;
}

/** A list of resources whose every piece has a known hash; the bytes of its JSON form name the content. */
export interface Manifest {
  /** The URL that paths are relative to; when absent, the manifest's own URL. */
  readonly base: string | undefined;
  /** In ascending order of `firstPiece` when the manifest is live, with gaps where older ones were. */
  readonly resources: readonly Resource[];
  /** There when resources still come and go, as `rivulet manifest --watch DIR` writes it. */
  readonly live?: LiveStream | undefined;
}

export const MANIFEST_VERSION = 1;

/**
 * The piece length for a resource: the smallest power of two in bounds that gives at most 2,048 pieces; see
 * docs/decisions/0020.
 */
export function pieceBytesFor(sizeBytes: number): number {
  let bytes = MIN_PIECE_BYTES;
  while (bytes < MAX_PIECE_BYTES && sizeBytes > bytes * 2048) bytes *= 2;
  return bytes;
}

export function pieceCount(resource: Pick<Resource, "sizeBytes" | "pieceBytes">): number {
  return Math.ceil(resource.sizeBytes / resource.pieceBytes);
}

/**
 * Reads a manifest's JSON text. Everything is bounded and checked before it is allocated for.
 * @throws RivuletError `manifest-too-large` or `manifest-malformed`, whose message names the offending place.
 */
export function parseManifest(text: string): Manifest {
  if (text.length > MAX_MANIFEST_BYTES) throw tooLarge("The manifest", MAX_MANIFEST_BYTES, "characters");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
  const { rivulet, base, live, resources } = record(json, "it");
  if (rivulet !== MANIFEST_VERSION)
    throw malformed(`"rivulet" must be the format version ${MANIFEST_VERSION}`);
  if (base !== undefined && typeof base !== "string") throw malformed(`"base" must be a string`);
  if (!Array.isArray(resources)) throw malformed(`"resources" must be a list`);
  if (resources.length > MAX_RESOURCES) throw tooLarge("The manifest", MAX_RESOURCES, "resources");
  if (live === undefined) return { base, resources: parseResources(resources, undefined) };
  const stream = parseLiveStream(live);
  const numbers = new PieceNumbers();
  const listed = parseResources(resources, numbers);
  numbers.end(stream);
  return { base, live: stream, resources: listed };
}

function parseResources(values: readonly unknown[], numbers: PieceNumbers | undefined): Resource[] {
  const seen = new Set<string>();
  let pieces = 0;
  return values.map((value, index) => {
    const where = `resources[${index}]`;
    const resource = parseResource(value, where, numbers);
    if (seen.has(resource.path)) throw malformed(`${where}.path "${resource.path}" appears twice`);
    seen.add(resource.path);
    pieces += pieceCount(resource);
    if (pieces > MAX_PIECES) throw tooLarge("The manifest", MAX_PIECES, "pieces");
    return resource;
  });
}

/** Writes a manifest as JSON text. The same manifest always gives the same bytes. */
export function formatManifest(manifest: Manifest): string {
  const resources = manifest.resources.map((resource) => ({
    path: resource.path,
    size: resource.sizeBytes,
    pieceLength: resource.pieceBytes,
    ...(resource.mediaType === undefined ? {} : { type: resource.mediaType }),
    ...(resource.firstPiece === undefined ? {} : { first: resource.firstPiece }),
    root: toBase64Url(resource.root),
    pieces: toBase64Url(resource.hashes),
  }));
  const lines = resources.map((resource) => `    ${JSON.stringify(resource)}`).join(",\n");
  const base = manifest.base === undefined ? "" : `  "base": ${JSON.stringify(manifest.base)},\n`;
  const live = manifest.live === undefined ? "" : `  "live": ${formatLiveStream(manifest.live)},\n`;
  const list = lines === "" ? "[]" : `[\n${lines}\n  ]`;
  return `{\n  "rivulet": ${MANIFEST_VERSION},\n${base}${live}  "resources": ${list}\n}\n`;
}

function parseResource(value: unknown, where: string, numbers: PieceNumbers | undefined): Resource {
  const { path, size, pieceLength, type, first, root, pieces } = record(value, where);
  if (typeof path !== "string" || path.length > MAX_PATH_LENGTH || !isBelowBase(path))
    throw malformed(
      `${where}.path must be percent-encoded, stay below the base, and have 1 to ${MAX_PATH_LENGTH} characters`,
    );
  if (!isWhole(size)) throw malformed(`${where}.size must be a whole number of bytes`);
  if (
    !isWhole(pieceLength) ||
    pieceLength < MIN_PIECE_BYTES ||
    pieceLength > MAX_PIECE_BYTES ||
    pieceLength & (pieceLength - 1)
  )
    throw malformed(
      `${where}.pieceLength must be a power of two from ${MIN_PIECE_BYTES} to ${MAX_PIECE_BYTES}`,
    );
  // It becomes a header of the page's Response, which throws at control characters.
  if (type !== undefined && (typeof type !== "string" || !/^[\x20-\x7e]{1,255}$/.test(type)))
    throw malformed(`${where}.type must be a media type`);
  const count = Math.ceil(size / pieceLength);
  if (count > MAX_PIECES) throw tooLarge(where, MAX_PIECES, "pieces");
  if (numbers === undefined && first !== undefined)
    throw malformed(`${where}.first is for live manifests only`);
  return {
    path,
    sizeBytes: size,
    pieceBytes: pieceLength,
    mediaType: type,
    root: hashes(root, 1, `${where}.root`),
    hashes: hashes(pieces, count, `${where}.pieces`),
    ...(numbers && { firstPiece: numbers.take(first, { pieceCount: count, where }) }),
  };
}

/**
 * A path that climbs out of the base, or names another host, would let a manifest speak for what its site does not
 * own. URL parsers take "%2e" for ".", "\\" for "/", and leave out what follows "#".
 */
export function isBelowBase(path: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(path) || /^\/|[\\#]|^[a-z][a-z0-9+.-]*:/i.test(path)) return false;
  const beforeQuery = path.split("?", 1)[0] as string;
  return !beforeQuery.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part));
}

function hashes(value: unknown, count: number, where: string): Uint8Array {
  const bytes = typeof value === "string" && fromBase64Url(value);
  if (bytes && bytes.byteLength === count * HASH_BYTES) return bytes;
  throw malformed(`${where} must be ${count} SHA-256 hash(es) in base64url without padding`);
}
