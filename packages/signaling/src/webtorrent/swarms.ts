import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import { RoomBudget, type RoomBudgetLimits } from "../access/room-budget.ts";
import type { ProcessId } from "../elsewhere.ts";
import type { Identity } from "./identities.ts";
import { Swarm, type SwarmMember } from "./swarm.ts";
import type { BinaryId } from "./tracker-message.ts";
import { idText } from "./write-message.ts";

export interface SwarmLimits extends RoomBudgetLimits {
  readonly maxMembersPerRoom: number;
  readonly maxRoomsPerPeer: number;
}

/** What is said of this process's own members to other processes. */
export interface SwarmNews {
  opened(infoHash: BinaryId): void;
  emptied(infoHash: BinaryId): void;
  put(infoHash: BinaryId, identity: Identity, member: SwarmMember): void;
  gone(infoHash: BinaryId, identity: Identity): void;
}

export interface Joining {
  readonly infoHash: BinaryId;
  readonly isSeeder: boolean;
  /** Memberships of the whole connection, which may have several peer ids. */
  readonly held: number;
  readonly now: number;
}

export type Joined =
  | { readonly outcome: "joined"; readonly swarm: Swarm; readonly member: SwarmMember }
  | { readonly outcome: "refused"; readonly code: SignalErrorCode; readonly message: string };

/** Who is in which swarm. Owns one invariant: a swarm exists exactly as long as a member of it is connected here. */
export class Swarms {
  readonly #limits: SwarmLimits;
  readonly #news: SwarmNews;
  readonly #budget: RoomBudget;
  readonly #swarms = new Map<BinaryId, Swarm>();
  #members = 0;

  constructor(limits: SwarmLimits, news: SwarmNews) {
    this.#limits = limits;
    this.#budget = new RoomBudget(limits);
    this.#news = news;
  }

  get size(): number {
    return this.#swarms.size;
  }

  /** Memberships of peers that are connected here: a peer in two swarms counts twice. */
  get members(): number {
    return this.#members;
  }

  get(infoHash: BinaryId): Swarm | undefined {
    return this.#swarms.get(infoHash);
  }

  /** Joins, or changes from leecher to seeder and back. Limits are for newcomers. */
  join(identity: Identity, { infoHash, isSeeder, held, now }: Joining): Joined {
    const known = identity.memberships.get(infoHash);
    const swarm = this.#swarms.get(infoHash);
    if (known) known.announcedAt = now;
    if (known && swarm && known.isSeeder === isSeeder) return { outcome: "joined", swarm, member: known };
    const refusal = known ? undefined : this.#refusal(identity, held, swarm);
    if (refusal) return refusal;
    if (known && swarm) swarm.remove(known);
    const member: SwarmMember = {
      peerId: identity.peerId,
      place: { kind: "here", number: identity.number },
      isSeeder,
      announcedAt: now,
      position: 0,
    };
    const joined = swarm ?? this.#create(infoHash, identity.address);
    joined.add(member);
    identity.memberships.set(joined.infoHash, member);
    if (!known) this.#members += 1;
    this.#news.put(infoHash, identity, member);
    return { outcome: "joined", swarm: joined, member };
  }

  leave(identity: Identity, infoHash: BinaryId): void {
    const member = identity.memberships.get(infoHash);
    const swarm = this.#swarms.get(infoHash);
    if (!member || !swarm) return;
    identity.memberships.delete(infoHash);
    swarm.remove(member);
    this.#members -= 1;
    this.#news.gone(infoHash, identity);
    if (swarm.localSize > 0) return;
    this.#swarms.delete(infoHash);
    this.#budget.closed(swarm.openedBy);
    this.#news.emptied(infoHash);
  }

  /** Leaves every swarm. */
  forget(identity: Identity): void {
    for (const [infoHash] of identity.memberships.entries) this.leave(identity, infoHash);
  }

  /** Takes out of this identity's swarms those in which it has not announced since. */
  lapse(identity: Identity, since: number): void {
    for (const [infoHash, { announcedAt }] of identity.memberships.entries)
      if (announcedAt < since) this.leave(identity, infoHash);
  }

  /** A member that is connected to another process. Ignored where nobody here shares the swarm. */
  putElsewhere(infoHash: BinaryId, member: SwarmMember): void {
    const swarm = this.#swarms.get(infoHash);
    if (!swarm || member.place.kind === "here") return;
    const known = swarm.atElsewhere(member.place);
    if (known) swarm.remove(known);
    if (known || swarm.size < this.#limits.maxMembersPerRoom) swarm.add(member);
  }

  goneElsewhere(infoHash: BinaryId, home: ProcessId, number: number): void {
    const swarm = this.#swarms.get(infoHash);
    const member = swarm?.atElsewhere({ kind: "elsewhere", home, number });
    if (swarm && member) swarm.remove(member);
  }

  /** Everybody who was connected to that process is gone. */
  lostProcess(home: ProcessId): void {
    for (const swarm of this.#swarms.values())
      for (const member of swarm.elsewhere)
        if (member.place.kind === "elsewhere" && member.place.home === home) swarm.remove(member);
  }

  #create(infoHash: BinaryId, address: string): Swarm {
    const swarm = new Swarm(infoHash, idText(infoHash), address);
    this.#swarms.set(infoHash, swarm);
    this.#budget.opened(address);
    this.#news.opened(infoHash);
    return swarm;
  }

  #refusal({ address }: Identity, held: number, swarm: Swarm | undefined): Joined | undefined {
    const { maxMembersPerRoom, maxRoomsPerPeer } = this.#limits;
    if (held >= maxRoomsPerPeer)
      return refused(
        "too-many-rooms",
        `A connection is in at most ${maxRoomsPerPeer} swarms here; leave one first.`,
      );
    if (swarm && swarm.size >= maxMembersPerRoom)
      return refused("room-full", `This swarm has its ${maxMembersPerRoom} members; try again later.`);
    const spent = swarm ? undefined : this.#budget.refusal(address);
    return spent === undefined ? undefined : refused("too-many-rooms", spent);
  }
}

function refused(code: SignalErrorCode, message: string): Joined {
  return { outcome: "refused", code, message };
}
