import type { PeerId, PeerListing, Random } from "@rivulet/sdk/protocol";
import type { Room } from "./room.ts";

export interface Asker {
  readonly peer: PeerId;
  readonly complete: boolean;
  /** How many peers it is to be told of at most. */
  readonly want: number;
}

/** Decides whom a member is told of: never itself, and no complete ones when it is complete, as neither wants a thing. */
export type PeerChoice = (room: Room, asker: Asker) => PeerListing[];

/** Everybody equally likely. The work grows with what is wanted, not with the room. */
export function randomPeers(random: Random): PeerChoice {
  return (room, { peer, complete, want }) => {
    const chosen: PeerListing[] = [];
    if (want === 0) return chosen;
    for (const position of drawn(complete ? room.partialSize : room.size, random)) {
      const listing = room.at(position);
      if (listing && listing.peer !== peer) chosen.push(listing);
      if (chosen.length === want) break;
    }
    return chosen;
  };
}

/** The numbers below `size` in random order, each drawn when asked for (Fisher–Yates over an array that stays unwritten). */
function* drawn(size: number, random: Random): Generator<number> {
  const moved = new Map<number, number>();
  for (let left = size; left > 0; left--) {
    const at = random.below(left);
    yield moved.get(at) ?? at;
    moved.set(at, moved.get(left - 1) ?? left - 1);
  }
}
