import type { PeerId } from "../../base/ids.ts";
import type { Payload } from "../../protocol/payload.ts";

/** One request of one chunk that is still to be answered. */
export interface Asked {
  readonly peer: PeerId;
  readonly at: number;
}

const NOBODY: readonly Asked[] = [];

/** One piece on its way from peers: its chunks, who was asked for each, and who sent each. */
export class Download {
  readonly length: number;
  readonly chunkCount: number;
  /** Peers that send this piece; one, save in endgame or after a snub. */
  readonly senders = new Set<PeerId>();
  readonly #chunkBytes: number;
  readonly #chunks: (Payload | undefined)[] = [];
  readonly #asked: (readonly Asked[])[] = [];
  #left: number;
  /** Requests that are still to be answered. */
  #owed = 0;
  /** Chunks that are neither here nor asked of anybody. */
  #open: number;

  constructor(length: number, chunkBytes: number) {
    this.length = length;
    this.#chunkBytes = chunkBytes;
    this.chunkCount = Math.ceil(length / chunkBytes);
    this.#left = this.chunkCount;
    this.#open = this.chunkCount;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  get parts(): readonly Payload[] {
    return this.#chunks.filter((chunk): chunk is Payload => chunk !== undefined);
  }

  chunkLength(chunk: number): number {
    return Math.min(this.#chunkBytes, this.length - chunk * this.#chunkBytes);
  }

  has(chunk: number): boolean {
    return this.#chunks[chunk] !== undefined;
  }

  asked(chunk: number): readonly Asked[] {
    return this.#asked[chunk] ?? NOBODY;
  }

  ask(chunk: number, peer: PeerId, at: number): void {
    const asked = this.asked(chunk);
    if (asked.length === 0) this.#open--;
    this.#owed++;
    this.#asked[chunk] = [...asked, { peer, at }];
  }

  /** The request will not be answered (rejected, choked, snubbed, gone). */
  unask(chunk: number, peer: PeerId): void {
    const asked = this.#asked[chunk];
    if (!asked || asked.length === 0) return;
    const left = asked.filter((one) => one.peer !== peer);
    this.#owed -= asked.length - left.length;
    if (left.length === 0 && !this.has(chunk)) this.#open++;
    this.#asked[chunk] = left;
  }

  /** All chunks, none of which this peer will send any more. */
  unaskAll(peer: PeerId): void {
    for (let chunk = 0; chunk < this.chunkCount; chunk++) this.unask(chunk, peer);
  }

  /** True when this peer still owes a chunk. */
  owes(peer: PeerId): boolean {
    return this.pending && this.#asked.some((asked) => asked.some((one) => one.peer === peer));
  }

  /** True when anybody still owes a chunk. */
  get pending(): boolean {
    return this.#owed > 0;
  }

  /** True while some chunk is neither here nor asked of anybody. */
  get open(): boolean {
    return this.#open > 0;
  }

  /**
   * True when some peer that is chosen, other than this one, sends the piece or owes a part of it. Of several that sent
   * some of it already any may go on, or each would wait for the others.
   */
  takenByAnother(peer: PeerId, chosen: (other: PeerId) => boolean): boolean {
    if (!this.senders.has(peer)) for (const sender of this.senders) if (chosen(sender)) return true;
    return (
      this.pending && this.#asked.some((asked) => asked.some((one) => one.peer !== peer && chosen(one.peer)))
    );
  }

  /** True when the chunk was still missing and is of the right length. */
  receive(chunk: number, data: Payload, from: PeerId): boolean {
    if (chunk < 0 || chunk >= this.chunkCount || this.has(chunk)) return false;
    if (data.byteLength !== this.chunkLength(chunk)) return false;
    if (this.asked(chunk).length === 0) this.#open--;
    this.#chunks[chunk] = data;
    this.#left--;
    this.senders.add(from);
    this.unask(chunk, from);
    return true;
  }
}
