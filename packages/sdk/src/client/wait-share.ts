/** Before anything is known: those who start together meet while the first segments are on their way. */
const FIRST = 1;
const LEAST = 1 / 10;
/** What peers brought lets the next wait longer; what says nothing does, too, or a share once small would stay so. */
const GROWTH = 1.25;
const RECOVERY = 1.05;
const DECAY = 1 / 2;
/** A shorter wait is over before peers can have brought a segment, ms. */
const LEAST_TELLING_MS = 500;

/** How a segment came, and how long it could wait for peers. */
export interface Waited {
  readonly tookMs: number;
  readonly mostMs: number;
  /** Most of it came from peers. */
  readonly fromPeers: boolean;
}

/**
 * Of the time that a segment could wait for peers, the share that it does: more after waits that paid off, less after
 * those in which the origin had to step in. A player among slow peers keeps its buffer nearly as full as without them.
 */
export class WaitShare {
  #share = FIRST;

  get value(): number {
    return this.#share;
  }

  waited({ tookMs, mostMs, fromPeers }: Waited): void {
    const inVain = !fromPeers && mostMs >= LEAST_TELLING_MS && tookMs >= mostMs;
    const factor = inVain ? DECAY : fromPeers ? GROWTH : RECOVERY;
    this.#share = Math.min(1, Math.max(LEAST, this.#share * factor));
  }
}
