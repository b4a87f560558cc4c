import type { PeerId } from "../../base/ids.ts";
import type { Random } from "../../base/random.ts";
import type { Candidate } from "../io.ts";

/** A peer that may be dialled, and who says that it is there. */
export interface Known extends Candidate {
  /** The tracker handed it out. */
  readonly tracked: boolean;
  /** The neighbours that are connected to it, as they say; any of them can introduce us. */
  readonly vias: ReadonlySet<PeerId>;
}

/** Neighbours remembered for one candidate: one is enough to be introduced, the others are for when it is gone. */
const MAX_VIAS = 4;

/**
 * The passive view of one content (HyParView, Leitão, Pereira and Rodrigues 2007): peers to turn to when a neighbour
 * fails. Bounded, replaced at random; what one neighbour alone tells of has at most a third of the places, so that a
 * flood of made-up ids by one peer costs others some dials and never the whole view.
 */
export class PassiveView {
  readonly #limit: number;
  readonly #random: Random;
  readonly #known = new Map<PeerId, Known>();

  constructor(parts: { readonly limit: number; readonly random: Random }) {
    this.#limit = parts.limit;
    this.#random = parts.random;
  }

  get size(): number {
    return this.#known.size;
  }

  get(peer: PeerId): Known | undefined {
    return this.#known.get(peer);
  }

  values(): Iterable<Known> {
    return this.#known.values();
  }

  /** `via` undefined: the tracker says so. */
  learn({ peer, complete }: Candidate, via: PeerId | undefined): void {
    const before = this.#known.get(peer);
    const vias = new Set(before?.vias);
    if (via) vias.add(via);
    const [oldest] = vias;
    if (oldest && vias.size > MAX_VIAS) vias.delete(oldest);
    if (!before) this.#makeRoom(via);
    // A neighbour may say that somebody has everything, not that somebody of whom the tracker says so has not.
    const tracked = !via || (before?.tracked ?? false);
    this.#known.set(peer, {
      peer,
      complete: complete || (tracked && !!via && !!before?.complete),
      tracked,
      vias,
    });
  }

  /** A neighbour is connected to it no more. Who else says that it is there stays believed. */
  dropped(peer: PeerId, via: PeerId): void {
    const known = this.#known.get(peer);
    if (!known?.vias.has(via)) return;
    const vias = new Set(known.vias);
    vias.delete(via);
    if (vias.size > 0 || known.tracked) this.#known.set(peer, { ...known, vias });
    else this.#known.delete(peer);
  }

  delete(peer: PeerId): void {
    this.#known.delete(peer);
  }

  #makeRoom(via: PeerId | undefined): void {
    const own = via
      ? [...this.#known.values()].filter(({ tracked, vias }) => !tracked && vias.size === 1 && vias.has(via))
      : [];
    const full = this.#known.size >= this.#limit;
    if (own.length >= Math.floor(this.#limit / 3)) return this.#replace(own);
    if (full) this.#replace([...this.#known.values()]);
  }

  #replace(some: readonly Known[]): void {
    const victim = some[this.#random.below(some.length)];
    if (victim) this.#known.delete(victim.peer);
  }
}
