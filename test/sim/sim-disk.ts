import type { ContentId } from "#sdk/base/ids.ts";
import type { Random } from "#sdk/base/random.ts";
import { second } from "#sdk/base/time.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import type { EventQueue } from "./event-queue.ts";
import { isWhole, type SimContent, type Token } from "./sim-content.ts";

type Of<Type extends Effect["type"]> = Extract<Effect, { type: Type }>;

/** How fast a host checks and reads pieces. */
export interface DiskOptions {
  /** SHA-256, bytes per second. */
  readonly hashBytesPerSecond: number;
  /** How long a read takes, ms. */
  readonly readMs: number;
}

interface Held {
  readonly content: SimContent;
  readonly stored: Bitfield;
  readonly verified: Bitfield;
}

/** A host's piece store and hasher. */
export class SimDisk {
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #options: DiskOptions;
  readonly #lies: number;
  readonly #input: (input: Input) => void;
  readonly #contents = new Map<ContentId, Held>();

  constructor(parts: {
    queue: EventQueue;
    random: Random;
    options: DiskOptions;
    lies: number;
    input: (input: Input) => void;
  }) {
    this.#options = parts.options;
    this.#queue = parts.queue;
    this.#random = parts.random;
    this.#lies = parts.lies;
    this.#input = parts.input;
  }

  add(content: SimContent, have: Iterable<number>): void {
    const [stored, verified] = [pieces(content), pieces(content)];
    for (const piece of have) {
      stored.add(piece);
      verified.add(piece);
    }
    this.#contents.set(content.content, { content, stored, verified });
  }

  content(content: ContentId): SimContent {
    return this.#held(content).content;
  }

  stored(content: ContentId): Bitfield {
    return this.#held(content).stored;
  }

  /** True when the piece's hash was checked. */
  sound(content: ContentId, piece: number): boolean {
    return this.#held(content).verified.has(piece);
  }

  /** An eviction that the engine does not know of. */
  lose(content: ContentId, piece: number): void {
    this.stored(content).delete(piece);
  }

  verify({ content, piece, parts }: Of<"verify">): void {
    const { length } = this.content(content).geometry.place(piece);
    this.#queue.after(0.2 + (length * second) / this.#options.hashBytesPerSecond, () => {
      const data: Token = { byteLength: length, content, piece, offset: 0, good: true };
      if (!isWhole(parts as Token[], this.content(content), piece))
        return this.#input({ type: "corrupt", content, piece });
      this.#held(content).verified.add(piece);
      this.#input({ type: "verified", content, piece, data });
    });
  }

  /** Verified by somebody else. */
  found(content: ContentId, piece: number): void {
    this.#held(content).verified.add(piece);
  }

  store({ content, piece }: Of<"store">): void {
    const { stored, verified } = this.#held(content);
    if (!verified.has(piece)) throw new Error(`Piece ${piece} was stored unverified.`);
    if (!stored.add(piece)) throw new Error(`Piece ${piece} was fetched twice.`);
  }

  #held(content: ContentId): Held {
    const held = this.#contents.get(content);
    if (!held) throw new Error("The host does not hold this content.");
    return held;
  }

  read({ read, content, piece, offset, length }: Of<"read">): void {
    this.#queue.after(this.#options.readMs, () => {
      if (!this.stored(content).has(piece)) return this.#input({ type: "read", read, data: undefined });
      const good = this.#lies === 0 || this.#random.next() >= this.#lies;
      const data: Token = { byteLength: length, content, piece, offset, good };
      this.#input({ type: "read", read, data });
    });
  }
}

function pieces({ geometry }: SimContent): Bitfield {
  return new Bitfield(geometry.pieceCount);
}
