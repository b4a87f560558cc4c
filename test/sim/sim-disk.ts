import type { ContentId } from "#sdk/base/ids.ts";
import type { Random } from "#sdk/base/random.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import type { EventQueue } from "./event-queue.ts";
import { isWhole, type SimContent, type Token } from "./sim-content.ts";

type Of<Type extends Effect["type"]> = Extract<Effect, { type: Type }>;

/** How long a hash and a disk take. */
const HASH_BYTES_PER_MS = 500_000;
const READ_MS = 1;

/** A host's piece store and hasher. */
export class SimDisk {
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #lies: number;
  readonly #input: (input: Input) => void;
  readonly #contents = new Map<ContentId, { readonly content: SimContent; readonly stored: Set<number> }>();
  readonly #verified = new Set<string>();

  constructor(parts: { queue: EventQueue; random: Random; lies: number; input: (input: Input) => void }) {
    this.#queue = parts.queue;
    this.#random = parts.random;
    this.#lies = parts.lies;
    this.#input = parts.input;
  }

  add(content: SimContent, have: Iterable<number>): void {
    this.#contents.set(content.content, { content, stored: new Set(have) });
  }

  content(content: ContentId): SimContent {
    const known = this.#contents.get(content);
    if (!known) throw new Error("The host does not hold this content.");
    return known.content;
  }

  stored(content: ContentId): Set<number> {
    return this.#contents.get(content)?.stored ?? new Set();
  }

  /** An eviction that the engine does not know of. */
  lose(content: ContentId, piece: number): void {
    this.stored(content).delete(piece);
  }

  verify({ content, piece, parts }: Of<"verify">): void {
    const { length } = this.content(content).geometry.place(piece);
    this.#queue.after(0.2 + length / HASH_BYTES_PER_MS, () => {
      const data: Token = { byteLength: length, content, piece, offset: 0, good: true };
      if (!isWhole(parts as Token[], this.content(content), piece))
        return this.#input({ type: "corrupt", content, piece });
      this.#verified.add(`${content}${piece}`);
      this.#input({ type: "verified", content, piece, data });
    });
  }

  store({ content, piece }: Of<"store">): void {
    if (!this.#verified.has(`${content}${piece}`)) throw new Error(`Piece ${piece} was stored unverified.`);
    const stored = this.stored(content);
    if (stored.has(piece)) throw new Error(`Piece ${piece} was fetched twice.`);
    stored.add(piece);
  }

  read({ read, content, piece, offset, length }: Of<"read">): void {
    this.#queue.after(READ_MS, () => {
      if (!this.stored(content).has(piece)) return this.#input({ type: "read-failed", read });
      const good = this.#lies === 0 || this.#random.next() >= this.#lies;
      const data: Token = { byteLength: length, content, piece, offset, good };
      this.#input({ type: "read", read, data });
    });
  }
}
