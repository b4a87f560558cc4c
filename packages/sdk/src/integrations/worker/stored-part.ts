import { readPieces } from "../../adapters/catalogue-records.ts";
import { MIB } from "../../base/bytes.ts";
import type { ByteRange } from "../../client/range-header.ts";
import type { BodyPart } from "../../client/tabs/continued-body.ts";
import type { Listed } from "./catalogues.ts";
import { isRight, nameOf } from "./verified.ts";

/** So much is read in one transaction. */
const BATCH_BYTES = 1 * MIB;

/** What the store has of a range, from its first byte on; undefined when it has not even that. */
export async function storedPart(
  listed: Listed,
  { start, end }: ByteRange,
  /** Told of what was handed out. */
  onUsed: (used: ByteRange) => void,
): Promise<BodyPart | undefined> {
  const { pieceBytes, sizeBytes } = listed;
  const batch = Math.max(1, Math.floor(BATCH_BYTES / pieceBytes));
  let position = start;
  let ready: (Uint8Array | undefined)[] = [];
  const nextPiece = async (): Promise<Uint8Array | undefined> => {
    const piece = Math.floor(position / pieceBytes);
    if (position >= end) return undefined;
    if (ready.length === 0) {
      const last = Math.min(Math.ceil(end / pieceBytes), piece + batch);
      const names = Array.from({ length: last - piece }, (_, at) => nameOf(listed, piece + at));
      ready = await readPieces(names).catch(() => []);
    }
    const bytes = ready.shift();
    const length = Math.min(pieceBytes, sizeBytes - piece * pieceBytes);
    // What is damaged the engine drops when it comes to read it.
    if (!bytes || bytes.byteLength !== length || !(await isRight(listed, piece, bytes))) return undefined;
    const from = position - piece * pieceBytes;
    const given = bytes.subarray(from, Math.min(length, end - piece * pieceBytes));
    position += given.byteLength;
    return given;
  };
  let first = await nextPiece();
  if (!first) return undefined;
  let told = start;
  const tell = () => {
    if (position > told) onUsed({ start: told, end: position });
    told = position;
  };
  return {
    read: async () => {
      const bytes = first ?? (await nextPiece());
      first = undefined;
      if (!bytes) tell();
      return bytes;
    },
    cancel: tell,
  };
}
