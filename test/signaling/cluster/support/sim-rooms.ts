import type { ClusterRooms, EntryElsewhere, OwnEntry } from "#signaling/cluster/cluster-rooms.ts";
import type { Elsewhere, Entry } from "#signaling/elsewhere.ts";

interface SeenMember {
  readonly home: string | undefined;
  readonly entry: unknown;
}

/** The rooms of one process, as plain as can be: who is connected here, and who is said to be elsewhere. */
export class SimRooms implements ClusterRooms {
  readonly here = new Map<string, Map<string, Entry>>();
  readonly elsewhere = new Map<string, Map<string, { readonly home: string; readonly entry: unknown }>>();
  readonly carriedHere: unknown[] = [];
  /** Peers whose connection here was closed, as they came back elsewhere. */
  readonly replaced: string[] = [];
  #cluster: Elsewhere | undefined;

  attach(cluster: Elsewhere): void {
    this.#cluster = cluster;
  }

  join(room: string, peer: string, entry: Entry = {}): void {
    if (!this.here.has(room)) {
      this.here.set(room, new Map());
      this.elsewhere.set(room, new Map());
      this.#cluster?.opened(room);
    }
    this.here.get(room)?.set(peer, entry);
    this.elsewhere.get(room)?.delete(peer);
    this.#cluster?.put(room, peer, entry);
  }

  leave(room: string, peer: string): void {
    const members = this.here.get(room);
    if (!members?.delete(peer)) return;
    this.#cluster?.gone(room, peer);
    if (members.size > 0) return;
    this.here.delete(room);
    this.elsewhere.delete(room);
    this.#cluster?.emptied(room);
  }

  disconnect(peer: string): void {
    for (const room of [...this.here.keys()]) this.leave(room, peer);
  }

  /** Everybody in a room as this process knows it, and the process that each is connected to; undefined: this one. */
  view(room: string): Map<string, SeenMember> {
    const view = new Map<string, SeenMember>(this.elsewhere.get(room));
    for (const [peer, entry] of this.here.get(room) ?? []) view.set(peer, { home: undefined, entry });
    return view;
  }

  entries(room: string): readonly OwnEntry[] {
    return [...(this.here.get(room) ?? [])].map(([peer, entry]) => ({ peer, entry }));
  }

  put({ home, room, peer, entry, isNews }: EntryElsewhere): [] {
    if (isNews && [...this.here.values()].some((members) => members.has(peer))) {
      this.replaced.push(peer);
      this.disconnect(peer);
    }
    if (!this.here.get(room)?.has(peer)) this.elsewhere.get(room)?.set(peer, { home, entry });
    return [];
  }

  gone(home: string, room: string, peer: string): void {
    const members = this.elsewhere.get(room);
    if (members?.get(peer)?.home === home) members.delete(peer);
  }

  lost(home: string): void {
    for (const members of this.elsewhere.values()) {
      for (const [peer, member] of members) if (member.home === home) members.delete(peer);
    }
  }

  carried(_home: string, payload: unknown): [] {
    this.carriedHere.push(payload);
    return [];
  }
}
