import type { AnnounceMessage, ContentId, PeerId, PeerListing, SignalErrorCode } from "@rivulet/sdk/protocol";
import type { PeerChoice } from "./peer-choice.ts";
import { Room } from "./room.ts";

export interface DirectoryLimits {
  readonly maxRooms: number;
  readonly maxMembersPerRoom: number;
  readonly maxRoomsPerPeer: number;
  readonly maxPeersPerReply: number;
}

export type AnnounceResult =
  | { readonly outcome: "listed"; readonly peers: readonly PeerListing[]; readonly members: number }
  | { readonly outcome: "refused"; readonly code: SignalErrorCode; readonly message: string };

/** Who is in which swarm. Owns one invariant: a room exists exactly as long as it has a member. */
export class Directory {
  readonly #limits: DirectoryLimits;
  readonly #choose: PeerChoice;
  readonly #rooms = new Map<ContentId, Room>();
  readonly #roomsOf = new Map<PeerId, Set<ContentId>>();
  #members = 0;

  constructor(limits: DirectoryLimits, choose: PeerChoice) {
    this.#limits = limits;
    this.#choose = choose;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  /** Memberships in all rooms together: a peer in two rooms counts twice. */
  get members(): number {
    return this.#members;
  }

  /** Peers that are in a room. */
  get peers(): number {
    return this.#roomsOf.size;
  }

  announce(peer: PeerId, { content, want, complete }: AnnounceMessage): AnnounceResult {
    const refusal = this.#refusal(peer, content);
    if (refusal) return refusal;
    const room = this.#join(peer, content);
    room.put(peer, complete);
    const cap = Math.min(want, this.#limits.maxPeersPerReply);
    const peers = this.#choose(room, { peer, complete, want: cap });
    return { outcome: "listed", peers, members: room.size };
  }

  leave(peer: PeerId, content: ContentId): void {
    const room = this.#rooms.get(content);
    if (!room?.remove(peer)) return;
    this.#members -= 1;
    if (room.size === 0) this.#rooms.delete(content);
    const contents = this.#roomsOf.get(peer);
    contents?.delete(content);
    if (contents?.size === 0) this.#roomsOf.delete(peer);
  }

  /** Leaves every room. */
  forget(peer: PeerId): void {
    for (const content of [...(this.#roomsOf.get(peer) ?? [])]) this.leave(peer, content);
  }

  isMember(peer: PeerId, content: ContentId): boolean {
    return this.#rooms.get(content)?.has(peer) ?? false;
  }

  /** Limits are for newcomers: who is in already may always say so again. */
  #refusal(peer: PeerId, content: ContentId): AnnounceResult | undefined {
    if (this.isMember(peer, content)) return undefined;
    const { maxRooms, maxMembersPerRoom, maxRoomsPerPeer } = this.#limits;
    if ((this.#roomsOf.get(peer)?.size ?? 0) >= maxRoomsPerPeer) {
      return refused(
        "too-many-rooms",
        `A peer is in at most ${maxRoomsPerPeer} swarms here; leave one first.`,
      );
    }
    const room = this.#rooms.get(content);
    if (room && room.size >= maxMembersPerRoom) {
      return refused("room-full", `This swarm has its ${maxMembersPerRoom} members; try again later.`);
    }
    if (!room && this.#rooms.size >= maxRooms) {
      return refused("too-many-rooms", `This server keeps at most ${maxRooms} swarms; try again later.`);
    }
    return undefined;
  }

  #join(peer: PeerId, content: ContentId): Room {
    const room = entry(this.#rooms, content, () => new Room());
    if (!room.has(peer)) this.#members += 1;
    entry(this.#roomsOf, peer, () => new Set()).add(content);
    return room;
  }
}

function refused(code: SignalErrorCode, message: string): AnnounceResult {
  return { outcome: "refused", code, message };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
