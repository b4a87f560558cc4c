import { concatBytes, equalBytes, MIB } from "../../base/bytes.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { Hasher } from "../../engine/ports.ts";
import type { Payload } from "../../protocol/payload.ts";
import { within } from "../waiting.ts";
import type { Description } from "./description.ts";
import { PieceCache } from "./piece-cache.ts";
import type { ShareSink } from "./ports.ts";

const CACHE_BYTES = 8 * MIB;

/** Pieces of an earlier visit that are checked at once. */
const CHECKS = 4;
/** Hashes come right behind the list, unless their sender still makes them. */
const HASHES_WITHIN_MS = 2 * second;

/** What the engine is told that a piece consists of: nobody asks here for what it is. */
const NOTHING = new Uint8Array(0);
/** The disk is full, or gone: nothing is settled any more. */
const NEVER = new Promise<never>(() => undefined);

/**
 * A receiver's pieces. One counts as had when it is verified and the operating system has it: until then it is among the
 * unverified bytes, whose bound is what holds the senders back when the disk is slow.
 */
export class ReceivedPieces {
  readonly #sink: Promise<ShareSink>;
  readonly #description: Description;
  readonly #hasher: Hasher;
  readonly #settled: () => Promise<void>;
  readonly #onFailure: (error: RivuletError) => void;
  readonly #onProblem: (error: RivuletError) => void;
  readonly #cache = new PieceCache(CACHE_BYTES);
  readonly #reading = new Map<number, Promise<Uint8Array | undefined>>();

  constructor(parts: {
    readonly sink: Promise<ShareSink>;
    readonly description: Description;
    readonly hasher: Hasher;
    /** Settles when all hashes that came so far are checked. */
    readonly settled: () => Promise<void>;
    /** The disk takes no more. */
    readonly onFailure: (error: RivuletError) => void;
    readonly onProblem: (error: RivuletError) => void;
  }) {
    this.#sink = parts.sink;
    this.#description = parts.description;
    this.#hasher = parts.hasher;
    this.#settled = parts.settled;
    this.#onFailure = parts.onFailure;
    this.#onProblem = parts.onProblem;
  }

  /** Bytes once the piece is on disk, which need not be its own; undefined when it is not what the sender signed. */
  async verify(piece: number, parts: readonly Payload[]): Promise<Uint8Array | undefined> {
    const bytes = parts.filter((part): part is Uint8Array => part instanceof Uint8Array);
    try {
      return (await this.#store(await this.#sink, piece, bytes)) ? NOTHING : undefined;
    } catch (cause) {
      this.#onFailure(
        cause instanceof RivuletError
          ? cause
          : new RivuletError("file-unwritable", "The disk takes no more.", { cause }),
      );
      return NEVER;
    }
  }

  async #store(sink: ShareSink, piece: number, parts: readonly Uint8Array[]): Promise<boolean> {
    const expected = await this.#hash(piece);
    if (!expected) return false;
    if (sink.store) return sink.store(piece, parts, expected);
    const bytes = concatBytes(parts);
    if (!equalBytes(await this.#hasher(bytes), expected)) return false;
    await sink.write(piece, bytes);
    return true;
  }

  keep(): void {}

  /** Undefined when the disk does not have it any more, or has something else: nothing wrong is passed on. */
  async read(piece: number): Promise<Uint8Array | undefined> {
    const known = this.#cache.get(piece);
    if (known) return known;
    let reading = this.#reading.get(piece);
    if (!reading) {
      reading = this.#readRight(piece).finally(() => this.#reading.delete(piece));
      this.#reading.set(piece, reading);
    }
    return reading;
  }

  async #readRight(piece: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#onDisk(piece);
    if (!bytes) return undefined;
    if (await this.#matches(piece, bytes)) {
      this.#cache.add(piece, bytes);
      return bytes;
    }
    this.#onProblem(
      new RivuletError(
        "storage-corrupt",
        "What was received was changed or damaged on disk since, and that part is not passed on any more.",
      ),
    );
    return undefined;
  }

  /** Tells of each of the first `stored` pieces that an earlier visit left on disk, and that is right. */
  async check(
    stored: number,
    { goesOn, onRight }: { readonly goesOn: () => boolean; readonly onRight: (piece: number) => void },
  ): Promise<void> {
    let next = 0;
    const hashed = within(HASHES_WITHIN_MS, this.#description.hashed(stored));
    const check = async () => {
      for (let piece = next++; piece < stored && goesOn(); piece = next++) {
        if (!this.#description.hash(piece)) await hashed;
        if (!this.#description.hash(piece) || !goesOn()) continue;
        const bytes = await this.#onDisk(piece);
        if (bytes && (await this.#matches(piece, bytes))) onRight(piece);
      }
    };
    await Promise.all(Array.from({ length: CHECKS }, check));
  }

  async #onDisk(piece: number): Promise<Uint8Array | undefined> {
    const sink = await this.#sink;
    return sink.read(piece).catch(() => undefined);
  }

  async #matches(piece: number, bytes: Uint8Array): Promise<boolean> {
    const expected = await this.#hash(piece);
    return expected !== undefined && equalBytes(await this.#hasher(bytes), expected);
  }

  /** It came before the piece, and may still be in the queue of those whose signature is checked. */
  async #hash(piece: number): Promise<Uint8Array | undefined> {
    if (!this.#description.hash(piece)) await this.#settled();
    return this.#description.hash(piece);
  }
}
