const COLOURS = 6;

/** Gives each peer one of a few colours, in order of appearance, and keeps it for the visit. */
export class Palette {
  readonly #slots = new Map<string, number>();

  /** The CSS class that colours things of this peer. */
  classOf(peer: string): string {
    let slot = this.#slots.get(peer);
    if (slot === undefined) {
      slot = this.#slots.size % COLOURS;
      this.#slots.set(peer, slot);
    }
    return `peer-${slot + 1}`;
  }
}
