import type { PeerId } from "../../base/ids.ts";
import { second } from "../../base/time.ts";
import type { EngineOptions } from "../options.ts";
import { Correspondent } from "./correspondent.ts";

/** Newcomers may have us give up a connection once in so long, so that nobody can churn through all of them. */
const DISPLACE_EVERY_MS = 2 * second;

/** When the neighbours are told what, and what each of them may tell us. Never sends. */
export class Gossip {
  readonly #options: EngineOptions;
  readonly #correspondents = new Map<PeerId, Correspondent>();
  #displacedAt = Number.NEGATIVE_INFINITY;
  /** When a peers frame may be due for somebody. */
  exchangeAt = Number.POSITIVE_INFINITY;
  /** When all the committee is told next, and when what is new in it. */
  rosterAt = 0;
  promptAt = Number.POSITIVE_INFINITY;
  promptedAt = Number.NEGATIVE_INFINITY;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  of(peer: PeerId, now: number): Correspondent {
    const one = this.#correspondents.get(peer) ?? new Correspondent(this.#options, now);
    this.#correspondents.set(peer, one);
    return one;
  }

  /** How many others this neighbour says it is connected to. */
  degree(peer: PeerId): number {
    return this.#correspondents.get(peer)?.degree ?? 0;
  }

  mayIntroduce(peer: PeerId, bytes: number, now: number): "yes" | "no" | "flood" {
    return this.of(peer, now).mayIntroduce(bytes, now);
  }

  mayDisplace(now: number): boolean {
    if (now < this.#displacedAt + DISPLACE_EVERY_MS) return false;
    this.#displacedAt = now;
    return true;
  }

  /** A neighbour opened a content: it is told at once who else is here. */
  opened(): void {
    this.exchangeAt = Number.NEGATIVE_INFINITY;
  }

  ended(peer: PeerId): void {
    this.#correspondents.delete(peer);
  }
}
