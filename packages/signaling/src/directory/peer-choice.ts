import type { PeerId, Random } from "@rivulet/sdk/protocol";
import { drawn } from "./indexed-set.ts";
import type { Member, Room } from "./room.ts";

/** Decides whom a member is told of, `want` others at most: never itself, nor anybody who could be of no use. */
export type PeerChoice = (
  room: Room,
  asker: { readonly member: Member; readonly want: number; readonly now: number },
) => Member[];

/** Everybody equally likely. The work grows with what is wanted, not with the room. */
export function randomPeers(random: Random): PeerChoice {
  return (room, { member, want }) => firstOf(candidates(room, member, random), want);
}

/** A full one cannot be dialled; two complete ones want nothing of each other. */
export function isCandidate(other: Member, asker: Member): boolean {
  return other.peer !== asker.peer && other.free !== 0 && !(asker.complete && other.complete);
}

/** So many members are looked at for one answer, at most: a swarm in which nearly all are full is no way to work for free. */
const MOST_LOOKED_AT = 1024;

/** Candidates at random: those that miss something and the complete ones as they come. */
export function* candidates(room: Room, asker: Member, random: Random): Generator<Member> {
  const size = asker.complete ? room.partial.size : room.size;
  let left = MOST_LOOKED_AT;
  for (const position of drawn(size, random)) {
    const other = room.at(position);
    if (other && isCandidate(other, asker)) yield other;
    if (--left === 0) return;
  }
}

export function firstOf<Item>(items: Iterable<Item>, count: number): Item[] {
  const first: Item[] = [];
  if (count > 0) {
    for (const item of items) {
      first.push(item);
      if (first.length >= count) break;
    }
  }
  return first;
}

export function peersOf(members: Iterable<Member>): Set<PeerId> {
  const peers = new Set<PeerId>();
  for (const member of members) peers.add(member.peer);
  return peers;
}
