import type { ContentId, PeerId } from "../../base/ids.ts";

/*
 * Who fetches what from the origin when nobody has it: rendezvous hashing (Thaler and Ravishankar 1998). Every peer
 * computes the same weight for each (peer, block) and the heaviest neighbour is on duty; no message is needed, and a
 * peer that leaves only moves its own blocks.
 */

/** The weight of a peer for a block of a content: the same number on every peer. */
export function dutyWeight(peer: PeerId, content: ContentId, block: number): number {
  return blockWeight(identityHash(peer, content), block);
}

/** FNV-1a over the ids. */
function identityHash(peer: PeerId, content: ContentId): number {
  let hash = 0x811c9dc5;
  for (const text of [peer, content.slice(0, 16)]) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash;
}

/** A murmur3 finalizer, so that neighbouring blocks get unrelated weights. */
function blockWeight(identity: number, block: number): number {
  let hash = Math.imul(identity ^ block, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Answers who outranks whom in one content; remembers what depends on the peers alone, as it is asked very often. */
export class DutyRoster {
  readonly #content: ContentId;
  readonly #identities = new Map<PeerId, number>();

  constructor(content: ContentId) {
    this.#content = content;
  }

  outranks(peer: PeerId, self: PeerId, block: number): boolean {
    const theirs = blockWeight(this.#identity(peer), block);
    const own = blockWeight(this.#identity(self), block);
    return theirs > own || (theirs === own && peer > self);
  }

  #identity(peer: PeerId): number {
    let identity = this.#identities.get(peer);
    if (identity === undefined) {
      // Peers come and go; what was remembered of those long gone costs nothing to compute anew.
      if (this.#identities.size >= ROSTER_LIMIT) this.#identities.clear();
      identity = identityHash(peer, this.#content);
      this.#identities.set(peer, identity);
    }
    return identity;
  }
}

const ROSTER_LIMIT = 1024;
