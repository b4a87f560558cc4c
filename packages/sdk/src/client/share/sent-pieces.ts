import { equalBytes, MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { Hasher } from "../../engine/ports.ts";
import type { Description } from "./description.ts";
import { PieceCache } from "./piece-cache.ts";
import type { ShareSource } from "./ports.ts";

const CACHE_BYTES = 16 * MIB;
/** Pieces that are read together, as receivers ask for them in a row: each read costs a browser a millisecond beside its bytes. */
export const RUN_PIECES = 4;

/** The sender's pieces, read from its files; what is not any more what was shared is not sent. */
export class SentPieces {
  readonly #source: ShareSource;
  readonly #stream: FileStream;
  readonly #description: Description;
  readonly #hasher: Hasher;
  readonly #onProblem: (error: RivuletError) => void;
  readonly #cache = new PieceCache(CACHE_BYTES);
  /** By the first piece of each run. */
  readonly #reading = new Map<number, Promise<ReadonlyMap<number, Uint8Array>>>();

  constructor(parts: {
    readonly source: ShareSource;
    readonly stream: FileStream;
    readonly description: Description;
    readonly hasher: Hasher;
    readonly onProblem: (error: RivuletError) => void;
  }) {
    this.#source = parts.source;
    this.#stream = parts.stream;
    this.#description = parts.description;
    this.#hasher = parts.hasher;
    this.#onProblem = parts.onProblem;
  }

  /** A sender asks for nothing. */
  async verify(): Promise<undefined> {
    return undefined;
  }

  keep(): void {}

  /** Undefined when it cannot be read, or is another by now. */
  async read(piece: number): Promise<Uint8Array | undefined> {
    const known = this.#cache.get(piece);
    if (known) return known;
    const first = piece - (piece % RUN_PIECES);
    let reading = this.#reading.get(first);
    if (!reading) {
      reading = this.#readRun(first).finally(() => this.#reading.delete(first));
      this.#reading.set(first, reading);
    }
    return (await reading).get(piece) ?? this.#readAlone(piece);
  }

  /** Those of the pieces in a row that are what was shared; none when some of them cannot be read. */
  async #readRun(first: number): Promise<ReadonlyMap<number, Uint8Array>> {
    const end = Math.min(first + RUN_PIECES, this.#description.hashedPieces);
    const right = new Map<number, Uint8Array>();
    const bytes = await this.#source.read(this.#stream, first, end).catch(() => undefined);
    if (!bytes) return right;
    const { pieceBytes } = this.#stream;
    const pieces = Array.from({ length: end - first }, (_, at) => first + at);
    await Promise.all(
      pieces.map(async (piece, at) => {
        const one = bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes);
        if (!(await this.#isRight(piece, one))) return;
        right.set(piece, one);
        this.#cache.add(piece, one);
      }),
    );
    return right;
  }

  /** What could not be read with its neighbours: one of these may be another file, which is gone. */
  async #readAlone(piece: number): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#source.read(this.#stream, piece, piece + 1);
      if (await this.#isRight(piece, bytes)) return bytes;
      this.#onProblem(this.#changed(piece));
    } catch (error) {
      this.#onProblem(error instanceof RivuletError ? error : this.#changed(piece, error));
    }
    return undefined;
  }

  async #isRight(piece: number, bytes: Uint8Array): Promise<boolean> {
    const expected = this.#description.hash(piece);
    return expected !== undefined && equalBytes(await this.#hasher(bytes), expected);
  }

  #changed(piece: number, cause?: unknown): RivuletError {
    const { start, end } = this.#stream.bytesOf(piece);
    const names = this.#stream.spans(start, end).map(({ file }) => this.#stream.files[file]?.path);
    const what =
      names.length === 1 ? `"${names[0]}"` : `One of ${names.length} files, the first of them "${names[0]}",`;
    const message = `${what} was changed since it was shared, and is not sent any more. Share it again.`;
    return new RivuletError("file-changed", message, { cause });
  }
}
