import type { News, Put, Snapshot } from "./cluster-messages.ts";

/** What a message changed in what is known of a room over there. */
export interface Change {
  readonly puts: readonly Put[];
  readonly gone: readonly string[];
}

/** A snapshot of which parts have come. */
interface Assembly {
  readonly version: number;
  readonly parts: Set<number>;
  readonly peers: Set<string>;
}

/**
 * Who is in one room at one other process, as far as this one was told. Every message names the version that it leads
 * to, and news the one that it starts from, so that lost, late and repeated messages are told from the next one. A room
 * that has emptied keeps its version: what was said before must not bring anybody back.
 */
export class HeldRoom {
  readonly #peers = new Set<string>();
  #version = 0;
  #assembly: Assembly | undefined;

  get version(): number {
    return this.#version;
  }

  get peers(): ReadonlySet<string> {
    return this.#peers;
  }

  /** `behind`: something that was said before has not come. */
  news({ base, version, puts, gone }: News): Change | "old" | "behind" {
    // News that a snapshot has overtaken would take away whom it has just named.
    if (version <= Math.max(this.#version, this.#assembly?.version ?? 0)) return "old";
    if (base !== 0 && base !== this.#version) return "behind";
    const present = new Set(puts.map(({ peer }) => peer));
    // A room that was new over there had nobody in it before.
    const left = base === 0 ? [...this.#peers].filter((peer) => !present.has(peer)) : gone;
    this.#apply(puts, left);
    this.#reach(version);
    return { puts, gone: left };
  }

  /** Who is named is a member at once; who was not named is known to be gone only when the last part is here. */
  snapshot({ version, part, parts, puts }: Snapshot): Change | "old" {
    if (version <= this.#version || version < (this.#assembly?.version ?? 0)) return "old";
    if (this.#assembly?.version !== version) {
      this.#assembly = { version, parts: new Set(), peers: new Set() };
    }
    const assembly = this.#assembly;
    assembly.parts.add(part);
    for (const { peer } of puts) assembly.peers.add(peer);
    const isWhole = assembly.parts.size === parts;
    const gone = isWhole ? [...this.#peers].filter((peer) => !assembly.peers.has(peer)) : [];
    this.#apply(puts, gone);
    if (isWhole) this.#reach(version);
    return { puts, gone };
  }

  /** Nobody is there as of this version; returns who was. */
  empty(version: number): readonly string[] {
    const gone = [...this.#peers];
    this.#peers.clear();
    this.#reach(version);
    return gone;
  }

  #apply(puts: readonly Put[], gone: readonly string[]): void {
    for (const peer of gone) this.#peers.delete(peer);
    for (const { peer } of puts) this.#peers.add(peer);
  }

  #reach(version: number): void {
    this.#version = version;
    if (this.#assembly && this.#assembly.version <= version) this.#assembly = undefined;
  }
}
