import type { PeerId } from "../../base/ids.ts";
import type { Random } from "../../base/random.ts";

/** One interested peer, as the choice of whom to serve sees it. */
export interface Petitioner {
  readonly peer: PeerId;
  /** What it delivers to us, bytes per second. */
  readonly givesBytesPerSecond: number;
  /** What we deliver to it, bytes per second. */
  readonly takesBytesPerSecond: number;
  readonly connectedAt: number;
  readonly served: boolean;
  /** It has had next to nothing of us yet. */
  readonly newcomer: boolean;
  /** It takes and does not give. */
  readonly freeRider: boolean;
}

/** Decides which interested peers are served. */
export interface Choker {
  choose(petitioners: readonly Petitioner[], slots: number, now: number): ReadonlySet<PeerId>;
}

/** A newcomer is this much likelier to get the optimistic slot, having nothing to give yet (BEP 3). */
const NEWCOMER_WEIGHT = 3;

/** Whoever is served keeps the slot until another is this much better: each change breaks uploads off. */
const HYSTERESIS = 1.25;

/**
 * Tit for tat (Cohen 2003, BEP 3): all slots but one go to those who give us most; the last one is optimistic and
 * moves on, so that newcomers get their first pieces and better partners are found. A peer that only serves, because
 * it has everything, ranks by what others manage to take. Free riders come last, and are served while there are slots.
 */
export class TitForTat implements Choker {
  readonly #optimisticEveryMs: number;
  readonly #random: Random;
  #optimistic: { readonly peer: PeerId; readonly since: number } | undefined;

  constructor(options: { readonly optimisticEveryMs: number; readonly random: Random }) {
    this.#optimisticEveryMs = options.optimisticEveryMs;
    this.#random = options.random;
  }

  choose(petitioners: readonly Petitioner[], slots: number, now: number): ReadonlySet<PeerId> {
    if (petitioners.length <= slots) return new Set(petitioners.map(({ peer }) => peer));
    if (slots <= 0) return new Set();
    const weight = ({ served }: Petitioner) => (served ? HYSTERESIS : 1);
    const ranked = [...petitioners].sort(
      (a, b) =>
        Number(a.freeRider) - Number(b.freeRider) ||
        b.givesBytesPerSecond * weight(b) - a.givesBytesPerSecond * weight(a) ||
        b.takesBytesPerSecond - a.takesBytesPerSecond ||
        Number(b.served) - Number(a.served) ||
        a.connectedAt - b.connectedAt,
    );
    const chosen = new Set(ranked.slice(0, slots - 1).map(({ peer }) => peer));
    chosen.add(this.#moveOptimistic(ranked.slice(slots - 1), now));
    return chosen;
  }

  #moveOptimistic(rest: readonly Petitioner[], now: number): PeerId {
    const honest = rest.filter(({ freeRider }) => !freeRider);
    const eligible = honest.length > 0 ? honest : rest;
    const kept = this.#optimistic;
    if (kept && now - kept.since < this.#optimisticEveryMs && eligible.some(({ peer }) => peer === kept.peer))
      return kept.peer;
    const others = eligible.filter(({ peer }) => peer !== kept?.peer);
    const pool = (others.length > 0 ? others : eligible).flatMap(({ peer, newcomer }) =>
      Array.from({ length: newcomer ? NEWCOMER_WEIGHT : 1 }, () => peer),
    );
    const peer = pool[this.#random.below(pool.length)] as PeerId;
    this.#optimistic = { peer, since: now };
    return peer;
  }
}
