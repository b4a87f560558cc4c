import { KIB } from "../../base/bytes.ts";
import type { ContentId, PeerId } from "../../base/ids.ts";
import { minute, second } from "../../base/time.ts";
import type { ExchangedPeer, PeersFrame } from "../../protocol/frames/peers.ts";
import { MAX_EXCHANGED_PEERS } from "../../protocol/limits.ts";
import { Allowance } from "./allowance.ts";

/** A peer that has so many others is known to have enough; what it says beyond that is no news. */
const MAX_DEGREE = 50;

interface Exchange {
  /** What it was told of, each as of then. */
  readonly told: Map<PeerId, boolean>;
  toldAt: number;
  /** Whom it says it is connected to. */
  readonly others: Set<PeerId>;
  readonly allowance: Allowance;
}

/** One neighbour in the gossip: what it was told, and how much it may tell us. */
export class Correspondent {
  readonly #everyMs: number;
  readonly #exchanges = new Map<ContentId, Exchange>();
  readonly #messages: Allowance;
  readonly #bytes: Allowance;
  readonly #floods: Allowance;
  readonly #rosters: Allowance;

  constructor(options: { readonly exchangeEveryMs: number }, now: number) {
    this.#everyMs = options.exchangeEveryMs;
    // A dial takes about a dozen messages of 200 bytes and an offer of 2,000; a newcomer makes six dials at once.
    this.#messages = new Allowance(200, second / 20, now);
    this.#bytes = new Allowance(256 * KIB, second / (16 * KIB), now);
    this.#rosters = new Allowance(20, second / 4, now);
    this.#floods = new Allowance(200, second / 20, now);
  }

  get degree(): number {
    let most = 0;
    for (const { others } of this.#exchanges.values()) most = Math.max(most, others.size);
    return most;
  }

  mayIntroduce(bytes: number, now: number): "yes" | "no" | "flood" {
    return this.#messages.take(now) && this.#bytes.take(now, bytes) ? "yes" : this.#tooMuch(now);
  }

  mayRoster(now: number): "yes" | "no" | "flood" {
    return this.#rosters.take(now) ? "yes" : this.#tooMuch(now);
  }

  /** Two at once, as after a jam, and then one each time. The clock of an honest peer is not far off. */
  mayExchange(content: ContentId, now: number): boolean {
    return this.#exchange(content, now).allowance.take(now);
  }

  /** It said who came and went. */
  told(content: ContentId, { added, dropped }: Pick<PeersFrame, "added" | "dropped">): void {
    const others = this.#exchanges.get(content)?.others;
    for (const { peer } of added) if (others && others.size < MAX_DEGREE) others.add(peer);
    for (const peer of dropped) others?.delete(peer);
  }

  exchangeDueAt(content: ContentId): number {
    const exchange = this.#exchanges.get(content);
    return exchange ? exchange.toldAt + this.#everyMs : Number.NEGATIVE_INFINITY;
  }

  /** What changed since it was told last; it counts as told from now on. */
  changes(
    content: ContentId,
    live: readonly ExchangedPeer[],
    now: number,
  ): { readonly added: ExchangedPeer[]; readonly dropped: PeerId[] } {
    const exchange = this.#exchange(content, now);
    exchange.toldAt = now;
    const { told } = exchange;
    const added = live
      .filter(({ peer, complete }) => told.get(peer) !== complete)
      .slice(0, MAX_EXCHANGED_PEERS);
    const here = new Set(live.map(({ peer }) => peer));
    const dropped = [...told.keys()].filter((peer) => !here.has(peer)).slice(0, MAX_EXCHANGED_PEERS);
    for (const { peer, complete } of added) told.set(peer, complete);
    for (const peer of dropped) told.delete(peer);
    return { added, dropped };
  }

  #exchange(content: ContentId, now: number): Exchange {
    let exchange = this.#exchanges.get(content);
    if (!exchange) {
      const allowance = new Allowance(2, Math.min(this.#everyMs, minute) * 0.8, now);
      exchange = { told: new Map(), toldAt: Number.NEGATIVE_INFINITY, others: new Set(), allowance };
      this.#exchanges.set(content, exchange);
    }
    return exchange;
  }

  #tooMuch(now: number): "no" | "flood" {
    return this.#floods.take(now) ? "no" : "flood";
  }
}
