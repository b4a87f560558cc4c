import type { ContentId, PeerId } from "../../base/ids.ts";

/**
 * Follows the pieces that were given to one peer alone: whoever announces one later has it from that peer, directly or
 * not, unless there is a source that we do not know of. So it never accuses a peer that gives, but may spare one that
 * does not.
 */
export class Trail {
  /** The only peer that was given the piece; null: several were, or it was seen elsewhere. */
  readonly #only = new Map<ContentId, Map<number, PeerId | null>>();

  /** Part of a piece goes to a peer; true when nobody else was given any of it. */
  gave(content: ContentId, piece: number, peer: PeerId): boolean {
    let pieces = this.#only.get(content);
    if (!pieces) {
      pieces = new Map();
      this.#only.set(content, pieces);
    }
    const only = pieces.get(piece);
    if (only === undefined) pieces.set(piece, peer);
    else if (only !== peer) pieces.set(piece, null);
    return only === undefined || only === peer;
  }

  /** A peer says that it has the piece. Returns who must have passed it on, once. */
  seen(content: ContentId, piece: number, peer: PeerId): PeerId | undefined {
    const only = this.#only.get(content)?.get(piece);
    if (!only || only === peer) return undefined;
    this.#only.get(content)?.set(piece, null);
    return only;
  }

  forget(content: ContentId): void {
    this.#only.delete(content);
  }
}
