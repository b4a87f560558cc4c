import { concatBytes, equalBytes, MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import type { Hasher } from "../../engine/ports.ts";
import type { Payload } from "../../protocol/payload.ts";
import type { Description } from "./description.ts";
import { PieceCache } from "./piece-cache.ts";
import type { ShareSink } from "./ports.ts";

const CACHE_BYTES = 8 * MIB;

/** The disk is full, or gone: nothing is settled any more. */
const NEVER = new Promise<never>(() => undefined);

/**
 * A receiver's pieces. One counts as had when it is verified and the operating system has it: until then it is among the
 * unverified bytes, whose bound is what holds the senders back when the disk is slow.
 */
export class ReceivedPieces {
  readonly #sink: ShareSink;
  readonly #description: Description;
  readonly #hasher: Hasher;
  readonly #settled: () => Promise<void>;
  readonly #onFailure: (error: RivuletError) => void;
  readonly #cache = new PieceCache(CACHE_BYTES);

  constructor(parts: {
    readonly sink: ShareSink;
    readonly description: Description;
    readonly hasher: Hasher;
    /** Settles when all hashes that came so far are checked. */
    readonly settled: () => Promise<void>;
    /** The disk takes no more. */
    readonly onFailure: (error: RivuletError) => void;
  }) {
    this.#sink = parts.sink;
    this.#description = parts.description;
    this.#hasher = parts.hasher;
    this.#settled = parts.settled;
    this.#onFailure = parts.onFailure;
  }

  /** The piece, once it is on disk; undefined when it is not what the sender signed. */
  async verify(piece: number, parts: readonly Payload[]): Promise<Uint8Array | undefined> {
    const bytes = concatBytes(parts.filter((part): part is Uint8Array => part instanceof Uint8Array));
    if (!(await this.#matches(piece, bytes))) return undefined;
    // The sink takes its bytes away, and others ask for the newest pieces soonest.
    this.#cache.add(piece, bytes.slice());
    try {
      await this.#sink.write(piece, bytes);
    } catch (cause) {
      this.#onFailure(
        cause instanceof RivuletError
          ? cause
          : new RivuletError("file-unwritable", "The disk takes no more.", { cause }),
      );
      return NEVER;
    }
    return bytes;
  }

  keep(): void {}

  /** Undefined when the disk does not have it any more. */
  read(piece: number): Promise<Uint8Array | undefined> {
    return this.#cache.get(piece, () => this.#sink.read(piece).catch(() => undefined));
  }

  /** True for a piece that an earlier visit left on disk, and that is right. */
  async isStored(piece: number): Promise<boolean> {
    const bytes = await this.#sink.read(piece).catch(() => undefined);
    return bytes !== undefined && this.#matches(piece, bytes);
  }

  async #matches(piece: number, bytes: Uint8Array): Promise<boolean> {
    // Its hash came before it, and may still be in the queue of those whose signature is checked.
    if (!this.#description.hash(piece)) await this.#settled();
    const expected = this.#description.hash(piece);
    return expected !== undefined && equalBytes(await this.#hasher(bytes), expected);
  }
}
