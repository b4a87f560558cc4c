import type { ContentId, PeerId, SignalErrorCode } from "@rivulet/sdk/protocol";
import { RoomBudget, type RoomBudgetLimits } from "../access/room-budget.ts";
import { type Entry, NOWHERE, type ProcessId } from "../elsewhere.ts";
import type { Announcement, AnnounceResult, Announcer } from "./announcement.ts";
import { changed, formatMember, parseMember } from "./member-entry.ts";
import type { PeerChoice } from "./peer-choice.ts";
import { type Member, Room } from "./room.ts";
import { parseSketch } from "./sketch.ts";

export interface DirectoryLimits extends RoomBudgetLimits {
  readonly maxMembersPerRoom: number;
  readonly maxRoomsPerPeer: number;
  readonly maxPeersPerReply: number;
}

/** What the directory says of its own members to other processes. */
export interface DirectoryNews {
  opened(content: ContentId): void;
  emptied(content: ContentId): void;
  put(content: ContentId, peer: PeerId, entry: Entry): void;
  gone(content: ContentId, peer: PeerId): void;
}

/** Who is in which swarm. Owns one invariant: a room exists exactly as long as a member of it is connected here. */
export class Directory {
  readonly #limits: DirectoryLimits;
  readonly #choose: PeerChoice;
  readonly #news: DirectoryNews;
  readonly #rooms = new Map<string, Room>();
  readonly #budget: RoomBudget;
  readonly #roomsOf = new Map<PeerId, readonly ContentId[]>();
  #members = 0;

  constructor(limits: DirectoryLimits, choose: PeerChoice, news: DirectoryNews = NOWHERE) {
    this.#limits = limits;
    this.#budget = new RoomBudget(limits);
    this.#choose = choose;
    this.#news = news;
  }

  get rooms(): number {
    return this.#rooms.size;
  }

  /** Memberships of peers that are connected here, in all rooms together: a peer in two rooms counts twice. */
  get members(): number {
    return this.#members;
  }

  /** Peers connected here that are in a room. */
  get peers(): number {
    return this.#roomsOf.size;
  }

  announce(who: Announcer, announcement: Announcement, now: number): AnnounceResult {
    const { content, want } = announcement;
    const { peer } = who;
    const refusal = this.#refusal(who, content);
    if (refusal) return refusal;
    const room = this.#enter(who, content);
    const known = room.get(peer);
    const wasHere = known !== undefined && known.home === undefined;
    const member: Member = {
      peer,
      group: who.group,
      isSuperPeer: who.isSuperPeer,
      home: undefined,
      since: wasHere ? known.since : now,
      complete: announcement.complete,
      have: parseSketch(announcement.have),
      free: announcement.free,
    };
    room.put(member);
    if (!wasHere) this.#members += 1;
    if (!wasHere) this.#roomsOf.set(peer, [...this.#contentsOf(peer), content]);
    if (!known || changed(known, member)) this.#news.put(content, peer, formatMember(member, now));
    const cap = Math.min(want, this.#limits.maxPeersPerReply);
    const chosen = this.#choose(room, { member, want: cap, now });
    const peers = chosen.map((other) => ({ peer: other.peer, complete: other.complete }));
    return { outcome: "listed", peers, members: room.size };
  }

  leave(peer: PeerId, content: ContentId): void {
    const room = this.#rooms.get(content);
    if (room?.get(peer)?.home !== undefined || !room?.remove(peer)) return;
    this.#members -= 1;
    const contents = this.#contentsOf(peer).filter((other) => other !== content);
    if (contents.length === 0) this.#roomsOf.delete(peer);
    else this.#roomsOf.set(peer, contents);
    this.#news.gone(content, peer);
    if (room.localSize > 0) return;
    this.#rooms.delete(content);
    this.#budget.closed(room.openedBy);
    this.#news.emptied(content);
  }

  /** Leaves every room. */
  forget(peer: PeerId): void {
    for (const content of this.#contentsOf(peer)) this.leave(peer, content);
  }

  /** A member wherever it is connected. */
  member(peer: PeerId, content: ContentId): Member | undefined {
    return this.#rooms.get(content)?.get(peer);
  }

  /** The room of a content, by what may or may not be its id. */
  room(content: string): Room | undefined {
    return this.#rooms.get(content);
  }

  /** This member is asked for one connection more; what it said of itself is older than that. */
  dialled(member: Member): void {
    if (member.free) member.free -= 1;
  }

  /** This process's own members of a room, as other processes are told of them. */
  entries(content: ContentId, now: number): { readonly peer: PeerId; readonly entry: Entry }[] {
    const here = [...(this.#rooms.get(content)?.members ?? [])].filter(({ home }) => home === undefined);
    return here.map((member) => ({ peer: member.peer, entry: formatMember(member, now) }));
  }

  /** A member that is connected to another process joined or changed. Ignored where nobody here shares the room. */
  putElsewhere(
    home: ProcessId,
    content: ContentId,
    news: { readonly entry: unknown; readonly now: number },
  ): void {
    const room = this.#rooms.get(content);
    const member = parseMember(news.entry, home, news.now);
    if (!room || !member) return;
    const known = room.get(member.peer);
    if (known?.home === undefined && known) return;
    if (known || room.size < this.#limits.maxMembersPerRoom) room.put(member);
  }

  goneElsewhere(home: ProcessId, content: ContentId, peer: PeerId): void {
    const room = this.#rooms.get(content);
    if (room?.get(peer)?.home === home) room.remove(peer);
  }

  /** Everybody who was connected to that process is gone. */
  lostProcess(home: ProcessId): void {
    for (const room of this.#rooms.values())
      for (const member of [...room.members]) if (member.home === home) room.remove(member.peer);
  }

  /** Limits are for newcomers: who is in already may always say so again. */
  #refusal({ peer, address }: Announcer, content: ContentId): AnnounceResult | undefined {
    const room = this.#rooms.get(content);
    if (room?.get(peer)) return undefined;
    const { maxMembersPerRoom, maxRoomsPerPeer } = this.#limits;
    if (this.#contentsOf(peer).length >= maxRoomsPerPeer) {
      return refused(
        "too-many-rooms",
        `A peer is in at most ${maxRoomsPerPeer} swarms here; leave one first.`,
      );
    }
    if (room && room.size >= maxMembersPerRoom) {
      return refused("room-full", `This swarm has its ${maxMembersPerRoom} members; try again later.`);
    }
    const spent = room ? undefined : this.#budget.refusal(address);
    return spent === undefined ? undefined : refused("too-many-rooms", spent);
  }

  #contentsOf(peer: PeerId): readonly ContentId[] {
    return this.#roomsOf.get(peer) ?? [];
  }

  #enter({ address }: Announcer, content: ContentId): Room {
    const known = this.#rooms.get(content);
    if (known) return known;
    const room = new Room(address);
    this.#rooms.set(content, room);
    this.#budget.opened(address);
    this.#news.opened(content);
    return room;
  }
}

function refused(code: SignalErrorCode, message: string): AnnounceResult {
  return { outcome: "refused", code, message };
}
