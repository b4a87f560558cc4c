import type { Availability, UploadQueue } from "./upload-queue.ts";

/** One served peer, as the choice of what to read next sees it. */
export interface Customer {
  readonly uploads: UploadQueue;
  /** Its channel holds as much as it should. */
  readonly congested: boolean;
  /** It takes and does not give. */
  readonly freeRider: boolean;
  /** When something was last read for it, or it began to wait, ms. */
  readonly turnAt: number;
}

/** Decides whose request is read next; the customer's queue has it in front then. */
export interface UploadScheduler {
  next<One extends Customer>(
    waiting: Iterable<One>,
    availability: Availability,
    now: number,
  ): One | undefined;
}

/**
 * Contributors before free riders, who get what no contributor waits for; then the rarest piece, as it is the one that
 * most others lack; then by turns. Nobody among equals waits for long behind rarer pieces: it would take us for dead.
 */
export class ContributorsFirst implements UploadScheduler {
  readonly #readsPerPeer: number;
  readonly #turnMs: number;

  constructor(options: { readonly maxReadsPerPeer: number; readonly uploadTurnMs: number }) {
    this.#readsPerPeer = options.maxReadsPerPeer;
    this.#turnMs = options.uploadTurnMs;
  }

  next<One extends Customer>(
    waiting: Iterable<One>,
    availability: Availability,
    now: number,
  ): One | undefined {
    let best: One | undefined;
    let bestRarity = 0;
    let contributorsWait = false;
    for (const one of waiting) {
      if (one.uploads.waiting === 0) continue;
      // One whose channel is full waits too: what a free rider sends through ours holds it up.
      contributorsWait ||= !one.freeRider;
      if (one.congested || one.uploads.reading >= this.#readsPerPeer) continue;
      if (contributorsWait && one.freeRider) continue;
      const overdue = now - one.turnAt >= this.#turnMs;
      const rarity = overdue ? -1 : (one.uploads.rarest(availability) ?? 0);
      const sooner = best && (rarity - bestRarity || one.turnAt - best.turnAt) < 0;
      if (best && one.freeRider === best.freeRider && !sooner) continue;
      best = one;
      bestRarity = rarity;
    }
    if (contributorsWait && best?.freeRider) return undefined;
    // Its turn has come regardless of rarity; of its own pieces the rarest still goes first.
    if (best && bestRarity < 0) best.uploads.rarest(availability);
    return best;
  }
}
