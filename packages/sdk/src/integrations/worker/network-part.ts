import type { ByteRange } from "../../client/range-header.ts";
import type { BodyPart } from "../../client/tabs/continued-body.ts";
import type { Listed } from "./catalogues.ts";
import { isRight } from "./verified.ts";

export interface NetworkPart extends BodyPart {
  /** False when bytes went out that may be of another version than is listed: no others may follow those. */
  mayFollow(): boolean;
}

/**
 * What the network brings of a range. Each piece that is right is handed to `adopt`, and when somebody else is to go on,
 * the part ends after one that is. `strict`: something went out already, so that each piece has to be right before it
 * follows; without it the bytes are the origin's own answer, and go out as they come.
 */
export function networkPart(parts: {
  readonly listed: Listed;
  readonly response: Response;
  /** Which byte of the resource the response begins with: none in the middle of a piece when it is strict. */
  readonly from: number;
  readonly range: ByteRange;
  readonly strict: boolean;
  readonly adopt: (offset: number, bytes: Uint8Array) => void;
  /** True when somebody else can go on. */
  readonly mayEnd: () => boolean;
}): NetworkPart {
  const { listed, range, strict, adopt } = parts;
  const { pieceBytes, sizeBytes } = listed;
  const reader = parts.response.body?.getReader();
  let at = parts.from;
  let position = range.start;
  let left = new Uint8Array();
  let piece = new Uint8Array();
  let isSound = at % pieceBytes === 0;
  let isKnown = false;
  const read = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      const inPiece = at % pieceBytes;
      const pieceStart = at - inPiece;
      if (position >= range.end || (inPiece === 0 && isSound && parts.mayEnd())) return undefined;
      if (left.byteLength === 0) {
        const { value } = (await reader?.read()) ?? {};
        if (!value) return undefined;
        left = value;
      }
      const length = Math.min(pieceBytes, sizeBytes - pieceStart);
      if (inPiece === 0) piece = new Uint8Array(length);
      const part = left.subarray(0, length - inPiece);
      if (part.byteLength === 0) return undefined;
      left = left.subarray(part.byteLength);
      if (isSound) piece.set(part, inPiece);
      at += part.byteLength;
      const isWhole = at === pieceStart + length;
      if (isSound && isWhole) {
        isSound = await isRight(listed, pieceStart / pieceBytes, piece);
        isKnown ||= isSound;
        if (isSound) adopt(pieceStart, piece.slice());
      }
      if (strict && !isSound) throw new TypeError(`${listed.url} is not what the manifest says.`);
      if (strict && !isWhole) continue;
      const [bytes, first] = strict ? [piece, pieceStart] : [part, at - part.byteLength];
      const given = bytes.subarray(Math.max(0, position - first), Math.max(0, range.end - first));
      // An origin that sends the whole begins before what is asked for.
      if (given.byteLength === 0) continue;
      position += given.byteLength;
      return given;
    }
  };
  const mayFollow = () => strict || position === range.start || (isKnown && isSound);
  return { read, mayFollow, cancel: () => void reader?.cancel().catch(() => undefined) };
}
