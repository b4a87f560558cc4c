import type { ContentId, PeerId } from "../../base/ids.ts";
import type { RosterEntry } from "../../protocol/frames/roster.ts";
import { Committee } from "./committee.ts";

/** The unit of age in a roster frame, ms. */
const AGE_UNIT_MS = 250;
/** The age that withdraws. */
const WITHDRAWN = 255;

/** The duty committees of all contents, as gossip has them. Never sends. */
export class Roster {
  readonly #self: PeerId;
  readonly #committees = new Map<ContentId, Committee>();

  constructor(self: PeerId) {
    this.#self = self;
  }

  /** Live members, of highest rank first, this peer too when it is listed; the same array until somebody comes or goes. */
  members(content: ContentId, now: number): readonly PeerId[] {
    return this.#committees.get(content)?.members(now) ?? [];
  }

  add(content: ContentId): void {
    this.#committees.set(content, new Committee({ content, self: this.#self }));
  }

  remove(content: ContentId): void {
    this.#committees.delete(content);
  }

  enlist(content: ContentId, now: number): void {
    this.#committees.get(content)?.enlist(now);
  }

  enlisted(content: ContentId): boolean {
    return this.#committees.get(content)?.has(this.#self) ?? false;
  }

  /** We list ourselves no more. True when the neighbours ought to know. */
  withdraw(content: ContentId, now: number): boolean {
    return this.#committees.get(content)?.withdraw(this.#self, now) ?? false;
  }

  heard(content: ContentId, entries: readonly RosterEntry[], from: PeerId, now: number): void {
    const committee = this.#committees.get(content);
    for (const { peer, age } of entries) {
      if (age < WITHDRAWN) committee?.heard(peer, now - age * AGE_UNIT_MS, from, now);
      // Only for itself: nobody can have another struck off.
      else if (peer === from) committee?.withdraw(peer, now);
    }
  }

  /** A connection ended; `left`: it said that it leaves. */
  lost(peer: PeerId, left: boolean, now: number): void {
    for (const committee of this.#committees.values()) {
      if (left) committee.withdraw(peer, now);
      else committee.lost(peer, now);
    }
  }

  /** What to tell a neighbour. */
  entries(content: ContentId, to: PeerId, now: number, freshOnly: boolean): RosterEntry[] {
    const news = this.#committees.get(content)?.news(to, now, freshOnly) ?? [];
    return news.map(({ peer, aliveAt }) => ({
      peer,
      // One more for the hop: what goes in circles grows old too.
      age: Math.min(WITHDRAWN - 1, Math.ceil((now - aliveAt) / AGE_UNIT_MS) + (peer === this.#self ? 0 : 1)),
    }));
  }

  withdrawal(): RosterEntry[] {
    return [{ peer: this.#self, age: WITHDRAWN }];
  }

  /** True when somebody came into a list and the neighbours were not told. */
  get fresh(): boolean {
    for (const committee of this.#committees.values()) if (committee.fresh) return true;
    return false;
  }

  told(): void {
    for (const committee of this.#committees.values()) committee.told();
  }
}
