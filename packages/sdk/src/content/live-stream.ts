import { fromBase64Url } from "../base/bytes.ts";
import { isWhole, malformed, record } from "./manifest-fields.ts";

/** What makes a manifest a live one: it lists, for now, a part of a stream whose pieces are numbered on and on. */
export interface LiveStream {
  /** Names the stream in all its manifests: 16 random bytes as base64url, 22 characters. */
  readonly stream: string;
  /** The number of the next new piece; when absent, the one after the last piece that is listed. */
  readonly nextPiece?: number | undefined;
}

export const STREAM_ID_BYTES = 16;

/** Piece numbers travel as 32 bits: a stream ends before this one. */
export const MAX_STREAM_PIECES = 2 ** 32;

/** @throws RivuletError `manifest-malformed` */
export function parseLiveStream(value: unknown): LiveStream {
  const { stream, next } = record(value, `"live"`);
  if (typeof stream !== "string" || fromBase64Url(stream)?.byteLength !== STREAM_ID_BYTES)
    throw malformed(`"live.stream" must be ${STREAM_ID_BYTES} bytes in base64url without padding`);
  if (next === undefined) return { stream };
  if (!isWhole(next) || next > MAX_STREAM_PIECES) throw malformed(`"live.next" must be a piece number`);
  return { stream, nextPiece: next };
}

export function formatLiveStream({ stream, nextPiece }: LiveStream): string {
  return JSON.stringify({ stream, next: nextPiece });
}

/**
 * Reads the piece numbers of a live manifest's resources, which have to be asked for in their order. Pieces that were
 * numbered twice, or out of order, would give one number two hashes.
 */
export class PieceNumbers {
  #end = 0;

  /**
   * The number of a resource's first piece.
   * @throws RivuletError `manifest-malformed`
   */
  take(first: unknown, resource: { readonly pieceCount: number; readonly where: string }): number {
    const { pieceCount, where } = resource;
    if (!isWhole(first) || first + pieceCount > MAX_STREAM_PIECES)
      throw malformed(`${where}.first must be the number of its first piece in the live stream`);
    if (first < this.#end)
      throw malformed(`${where}.first must not be below ${this.#end}, where the resource before it ends`);
    this.#end = first + pieceCount;
    return first;
  }

  /** @throws RivuletError `manifest-malformed` when new pieces would get numbers that are taken. */
  end({ nextPiece }: LiveStream): void {
    if (nextPiece !== undefined && nextPiece < this.#end)
      throw malformed(`"live.next" must not be below ${this.#end}, where the last resource ends`);
  }
}
