import { type ContentId, parseContentId } from "#sdk/base/ids.ts";
import { Geometry } from "#sdk/content/geometry.ts";
import { HASH_BYTES, MIN_PIECE_BYTES } from "#sdk/content/limits.ts";
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
  const resources = sizes.map((sizeBytes, index) =>
    resourceOf(`file-${index}`, { sizeBytes, pieceBytes: pieceBytes ?? pieceBytesFor(sizeBytes) }),
  );
  return { content: contentNo(number), geometry: new Geometry({ base: undefined, resources }) };
}

/** A live content: segments are published one after the other. */
export interface LiveContent extends SimContent {
  /**
   * A further segment of so many pieces, after so many numbers that belong to none; returns its resource. The engine is
   * to be told that the content grew.
   */
  publish(pieces: number, gap?: number): number;
}

/** A live content, of which nothing was published yet, whose next piece is `first`; a piece is one chunk. */
export function liveContent(number: number, first = 0): LiveContent {
  const live = { stream: "A".repeat(22) };
  const geometry = new Geometry({ base: undefined, live, resources: [] });
  let next = first;
  return {
    content: contentNo(number),
    geometry,
    publish(pieces, gap = 0) {
      const firstPiece = next + gap;
      next = firstPiece + pieces;
      const shape = { sizeBytes: pieces * MIN_PIECE_BYTES, pieceBytes: MIN_PIECE_BYTES };
      geometry.grow({
        base: undefined,
        live,
        resources: [{ ...resourceOf(`${firstPiece}.ts`, shape), firstPiece }],
      });
      return geometry.indices.end - 1;
    },
  };
}

function contentNo(number: number): ContentId {
  return parseContentId(number.toString(16).padStart(64, "0"));
}

function resourceOf(path: string, shape: Pick<Resource, "sizeBytes" | "pieceBytes">): Resource {
  return {
    ...shape,
    path,
    mediaType: undefined,
    root: new Uint8Array(HASH_BYTES),
    hashes: new Uint8Array(HASH_BYTES * pieceCount(shape)),
  };
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
