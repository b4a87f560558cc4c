import { concatBytes, MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import { webCryptoSha256 } from "../sha256.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readChosen } from "./chosen-piece.ts";

/** So much is read at once, or one piece: a read costs about a millisecond beside its bytes. */
const BLOCK_BYTES = 4 * MIB;
/** While one block is hashed the next is read. */
const BLOCKS_AHEAD = 2;
const BATCH_MS = 0.2 * second;
const BATCH_HASHES = 512;

export interface HashingOptions {
  readonly signal: AbortSignal;
  /** Is given what was read, and where in the stream it begins; not in order. */
  readonly onRead?: ((bytes: Uint8Array<ArrayBuffer>, start: number) => void) | undefined;
}

/** The SHA-256 of each piece in order, 32 bytes each: the first as soon as there is one, then several at a time. */
export async function* hashPieces(
  files: readonly ChosenFile[],
  stream: FileStream,
  { signal, onRead }: HashingOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let batch: Uint8Array[] = [];
  let since = Number.NEGATIVE_INFINITY;
  for await (const hashes of hashBlocks(files, stream, { signal, onRead })) {
    batch.push(...hashes);
    const now = performance.now();
    if (now - since < BATCH_MS && batch.length < BATCH_HASHES) continue;
    yield concatBytes(batch);
    batch = [];
    since = now;
  }
  if (batch.length > 0) yield concatBytes(batch);
}

async function* hashBlocks(
  files: readonly ChosenFile[],
  stream: FileStream,
  { signal, onRead }: HashingOptions,
) {
  const { pieceBytes, pieceCount } = stream;
  const hash = webCryptoSha256();
  /** Two blocks have turns with two stretches of memory, unless somebody keeps what was read. */
  const memory: (ArrayBuffer | undefined)[] = [];
  let turn = 0;
  const hashBlock = async (first: number, end: number): Promise<Uint8Array[]> => {
    const start = first * pieceBytes;
    const own = turn++ % BLOCKS_AHEAD;
    const into = onRead ? undefined : (memory[own] ?? new ArrayBuffer(Math.max(BLOCK_BYTES, pieceBytes)));
    const block = await readChosen(files, stream, { start, end: stream.bytesOf(end - 1).end, into });
    const hashes = await Promise.all(
      Array.from({ length: end - first }, (_, at) =>
        hash(block.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
      ),
    );
    memory[own] = block.buffer;
    onRead?.(block, start);
    return hashes;
  };
  const ahead: Promise<Uint8Array[]>[] = [];
  let next = 0;
  while (next < pieceCount || ahead.length > 0) {
    while (next < pieceCount && ahead.length < BLOCKS_AHEAD) {
      // The first piece alone: somebody may be waiting to send it.
      const count = next === 0 ? 1 : Math.max(1, Math.floor(BLOCK_BYTES / pieceBytes));
      const end = Math.min(pieceCount, next + count);
      const hashing = hashBlock(next, end);
      // One that fails before its turn comes is heard of then.
      hashing.catch(() => undefined);
      ahead.push(hashing);
      next = end;
    }
    const done = await ahead.shift();
    if (signal.aborted) throw new RivuletError("aborted", "Hashing was stopped.");
    if (done) yield done;
  }
}
