import type { Random } from "@rivulet/sdk/protocol";
import type { ProcessId } from "../elsewhere.ts";
import type { WireText } from "../wire-text.ts";
import { DrawnList } from "./drawn-list.ts";
import type { BinaryId } from "./tracker-message.ts";

/** Where a member is: in this process or another, which has given it a number. */
export type Place =
  | { readonly kind: "here"; readonly number: number }
  | { readonly kind: "elsewhere"; readonly home: ProcessId; readonly number: number };

export interface SwarmMember {
  readonly peerId: BinaryId;
  readonly place: Place;
  readonly isSeeder: boolean;
  /** When it last announced, ms; of this process's clock, and of no meaning for members elsewhere. */
  announcedAt: number;
  /** Its position in its list; the list's own business. */
  position: number;
}

/** One info hash's members. */
export class Swarm {
  readonly infoHash: BinaryId;
  /** The info hash as it is written in a message. */
  readonly text: WireText;
  /** The address whose peer was the first. */
  readonly openedBy: string;
  readonly #leechers = new DrawnList<SwarmMember>();
  readonly #seeders = new DrawnList<SwarmMember>();
  readonly #elsewhere = new Map<string, SwarmMember>();
  /** Members that said they have completed it, since the swarm is there. */
  downloaded = 0;

  constructor(infoHash: BinaryId, text: WireText, openedBy: string) {
    this.infoHash = infoHash;
    this.text = text;
    this.openedBy = openedBy;
  }

  get complete(): number {
    return this.#seeders.size;
  }

  get incomplete(): number {
    return this.#leechers.size;
  }

  get size(): number {
    return this.#seeders.size + this.#leechers.size;
  }

  /** Members that are connected to this process. */
  get localSize(): number {
    return this.size - this.#elsewhere.size;
  }

  add(member: SwarmMember): void {
    this.#listOf(member).add(member);
    if (member.place.kind === "elsewhere") this.#elsewhere.set(placeKey(member.place), member);
  }

  remove(member: SwarmMember): void {
    this.#listOf(member).remove(member);
    if (member.place.kind === "elsewhere") this.#elsewhere.delete(placeKey(member.place));
  }

  atElsewhere(place: Extract<Place, { kind: "elsewhere" }>): SwarmMember | undefined {
    return this.#elsewhere.get(placeKey(place));
  }

  /** Members that are connected to this process. */
  get here(): readonly SwarmMember[] {
    return [...this.#leechers.items, ...this.#seeders.items].filter(({ place }) => place.kind === "here");
  }

  /** The processes, other than this one, that members of this peer id are connected to. */
  homesOf(peerId: BinaryId): ReadonlySet<ProcessId> {
    const homes = new Set<ProcessId>();
    for (const member of this.#elsewhere.values())
      if (member.peerId === peerId && member.place.kind === "elsewhere") homes.add(member.place.home);
    return homes;
  }

  /** Members that are connected to other processes. */
  get elsewhere(): readonly SwarmMember[] {
    return [...this.#elsewhere.values()];
  }

  /**
   * `count` members at random, each once, none of them the asker or of its peer id; none is a seeder when the asker is
   * one, as neither wants a thing.
   */
  draw(asker: SwarmMember, count: number, random: Random): SwarmMember[] {
    const drawn: SwarmMember[] = [];
    const seeders = asker.isSeeder ? 0 : this.#seeders.size;
    const leechers = this.#leechers.size;
    let [drawnLeechers, drawnSeeders] = [0, 0];
    // The asker itself, and those of the same id, are drawn and passed over: bounded, as an id has few connections.
    for (let left = leechers + seeders; left > 0 && drawn.length < count; left--) {
      const isLeecher = random.below(left) < leechers - drawnLeechers;
      const member = isLeecher
        ? this.#leechers.draw(drawnLeechers++, random)
        : this.#seeders.draw(drawnSeeders++, random);
      if (member.peerId !== asker.peerId) drawn.push(member);
    }
    return drawn;
  }

  #listOf({ isSeeder }: SwarmMember): DrawnList<SwarmMember> {
    return isSeeder ? this.#seeders : this.#leechers;
  }
}

export function placeKey(place: Place): string {
  return place.kind === "here" ? String(place.number) : `${place.home}/${place.number}`;
}
