import type { ContentId, PeerId } from "./ids.ts";

/*
 * What rendezvous hashing (Thaler and Ravishankar 1998) is made of: numbers that are the same on every peer, so that all
 * who know of the same peers rank them alike, without a message.
 */

/** What a peer's weights in a content are made from. Both ids are hashes in hex: any 32 bits are as good as others. */
export function identityOf(peer: PeerId, content: ContentId): number {
  return tail(peer) ^ tail(content);
}

/** murmur3's finalizer: neighbouring numbers get unrelated ones, 32 bits without a sign. */
export function scramble(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function tail(id: string): number {
  return Number.parseInt(id.slice(-8), 16);
}
