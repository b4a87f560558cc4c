import { type ContentId, parseContentId } from "#sdk/base/ids.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { HASH_BYTES } from "#sdk/content/limits.ts";
import { pieceBytesFor, pieceCount, type Resource } from "#sdk/content/manifest.ts";

/** Bytes of a simulated content: how many, of which piece, and whether they are what the manifest says. */
export interface Token {
  readonly byteLength: number;
  readonly content: ContentId;
  readonly piece: number;
  /** First byte within the piece. */
  readonly offset: number;
  readonly good: boolean;
}

export interface SimContent {
  readonly content: ContentId;
  readonly geometry: Geometry;
  /** False: only peers have it. */
  readonly origin?: boolean;
}

/** A content whose resources have these sizes; `number` tells contents apart. */
export function simContent(number: number, sizes: readonly number[], pieceBytes?: number): SimContent {
  const content = parseContentId(number.toString(16).padStart(64, "0"));
  const resources = sizes.map((sizeBytes, index): Resource => {
    const shape = { sizeBytes, pieceBytes: pieceBytes ?? pieceBytesFor(sizeBytes) };
    return {
      ...shape,
      path: `file-${index}`,
      mediaType: undefined,
      root: new Uint8Array(HASH_BYTES),
      hashes: new Uint8Array(HASH_BYTES * pieceCount(shape)),
    };
  });
  return { content, geometry: new Geometry({ base: undefined, resources }) };
}

/** What a hash would tell: the parts are all of the piece, in order, and unchanged. */
export function isWhole(parts: readonly Token[], content: SimContent, piece: number): boolean {
  let at = 0;
  for (const part of parts) {
    if (part.content !== content.content || part.piece !== piece) return false;
    if (part.offset !== at || !part.good) return false;
    at += part.byteLength;
  }
  return at === content.geometry.place(piece).length;
}
