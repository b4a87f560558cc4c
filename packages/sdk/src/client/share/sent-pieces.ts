import { equalBytes, MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { Hasher } from "../../engine/ports.ts";
import type { Description } from "./description.ts";
import { PieceCache } from "./piece-cache.ts";
import type { ShareSource } from "./ports.ts";

const CACHE_BYTES = 16 * MIB;

/** The sender's pieces, read from its files; what is not any more what was shared is not sent. */
export class SentPieces {
  readonly #source: ShareSource;
  readonly #stream: FileStream;
  readonly #description: Description;
  readonly #hasher: Hasher;
  readonly #onProblem: (error: RivuletError) => void;
  readonly #cache = new PieceCache(CACHE_BYTES);

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
  read(piece: number): Promise<Uint8Array | undefined> {
    return this.#cache.get(piece, () => this.#load(piece));
  }

  async #load(piece: number): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#source.read(this.#stream, piece);
      const expected = this.#description.hash(piece);
      if (expected && equalBytes(await this.#hasher(bytes), expected)) return bytes;
      this.#onProblem(this.#changed(piece));
    } catch (error) {
      this.#onProblem(error instanceof RivuletError ? error : this.#changed(piece, error));
    }
    return undefined;
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
