import type { ContentId, PeerId } from "../../base/ids.ts";

/*
 * Who fetches what from the origin when nobody has it: rendezvous hashing (Thaler and Ravishankar 1998). Every peer
 * computes the same weight for each (peer, block) and the heaviest neighbour is on duty; no message is needed, and a
 * peer that leaves only moves its own blocks.
 */

/** What the weights of a peer in a content are made from. Both ids are hashes in hex: any 32 bits are as good as others. */
export function dutyIdentity(peer: PeerId, content: ContentId): number {
  return tail(peer) ^ tail(content);
}

function tail(id: string): number {
  return Number.parseInt(id.slice(-8), 16);
}

/**
 * The weight of a peer for a block, the same number on every peer, by murmur3's finalizer: neighbouring blocks get
 * unrelated weights. Two peers weigh the same only when their identities are the same; then both are on duty.
 */
export function dutyWeight(identity: number, block: number): number {
  let hash = Math.imul(identity ^ block, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
