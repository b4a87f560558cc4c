import type { Entry } from "../elsewhere.ts";
import { MAX_CHANGES, MAX_SNAPSHOT_PARTS, type News, type Put, type Snapshot } from "./cluster-messages.ts";
import type { OwnEntry } from "./cluster-rooms.ts";

/** Members that the snapshots of one flush may name; a larger room goes alone, and the next flushes wait for it. */
const SNAPSHOT_ALLOWANCE = 2000;
/** Members that the snapshots of one room may name between two beats: a larger room has one snapshot. */
const ROOM_ALLOWANCE = 1000;

/** Changes of one room that wait to be said; beyond them everybody is told of all who are there instead. */
const MAX_WAITING_CHANGES = 10_000;

interface OwnRoom {
  /** As of the last news; 0 before the first. */
  version: number;
  /** What is still to be said, the latest of each peer; undefined: gone. */
  readonly changes: Map<string, Put | undefined>;
}

export interface Said<Message> {
  readonly room: string;
  readonly message: Message;
}

/**
 * What this process has to say of its own rooms. Versions count on through all rooms and never return, so that a room
 * that empties and fills again is not taken for the one before.
 */
export class OwnRooms {
  readonly #rooms = new Map<string, OwnRoom>();
  readonly #changed = new Set<string>();
  readonly #wanted = new Set<string>();
  /** How many members the snapshots of each room have named since the last beat. */
  readonly #shown = new Map<string, number>();
  #allowance = SNAPSHOT_ALLOWANCE;
  #newest = 0;

  get newest(): number {
    return this.#newest;
  }

  get names(): Iterable<string> {
    return this.#rooms.keys();
  }

  get count(): number {
    return this.#rooms.size;
  }

  get hasSomethingToSay(): boolean {
    if (this.#changed.size > 0) return true;
    for (const room of this.#wanted) if (this.#mayShow(room)) return true;
    return false;
  }

  has(room: string): boolean {
    return this.#rooms.has(room);
  }

  version(room: string): number {
    return this.#rooms.get(room)?.version ?? 0;
  }

  open(room: string): void {
    if (!this.#rooms.has(room)) this.#rooms.set(room, { version: 0, changes: new Map() });
  }

  /** To be called after the last news were taken. */
  close(room: string): void {
    this.#rooms.delete(room);
    this.#changed.delete(room);
    this.#wanted.delete(room);
  }

  put(room: string, peer: string, entry: Entry): void {
    this.#change(room, peer, { peer, entry, isNews: true });
  }

  gone(room: string, peer: string): void {
    this.#change(room, peer, undefined);
  }

  /** Somebody wants to be told of them once more. What is about to be said says it too. */
  repeat(room: string, { peer, entry }: OwnEntry): void {
    if (!this.#rooms.get(room)?.changes.has(peer)) this.#change(room, peer, { peer, entry, isNews: false });
  }

  /** Somebody who makes another process ask again and again, by going in and out there, must not make a flood. */
  want(room: string): void {
    if (this.#rooms.has(room)) this.#wanted.add(room);
  }

  beat(): void {
    this.#shown.clear();
  }

  takeNews(): Said<News>[] {
    const rooms = [...this.#changed];
    this.#changed.clear();
    return rooms.flatMap((room) => this.#newsOf(room).map((message) => ({ room, message })));
  }

  /** To be called right after `takeNews`: a snapshot shows its room as of the last news. */
  takeSnapshots(entriesOf: (room: string) => readonly OwnEntry[]): Said<Snapshot>[] {
    const said: Said<Snapshot>[] = [];
    this.#allowance = Math.min(SNAPSHOT_ALLOWANCE, this.#allowance + SNAPSHOT_ALLOWANCE);
    for (const room of this.#wanted) {
      if (this.#allowance <= 0) break;
      if (!this.#mayShow(room)) continue;
      this.#wanted.delete(room);
      const entries = entriesOf(room);
      const named = 1 + entries.length;
      this.#shown.set(room, (this.#shown.get(room) ?? 0) + named);
      this.#allowance -= named;
      said.push(...snapshots(this.version(room), entries).map((message) => ({ room, message })));
    }
    return said;
  }

  #mayShow(room: string): boolean {
    return (this.#shown.get(room) ?? 0) < ROOM_ALLOWANCE;
  }

  #change(room: string, peer: string, change: Put | undefined): void {
    const known = this.#rooms.get(room);
    if (!known) return;
    if (known.changes.size >= MAX_WAITING_CHANGES && !known.changes.has(peer))
      return this.#giveUp(room, known);
    known.changes.set(peer, change);
    this.#changed.add(room);
  }

  /** While there is no bus, peers may come and go by the thousand. The version tells hearers to ask for all of them. */
  #giveUp(name: string, room: OwnRoom): void {
    room.changes.clear();
    room.version = ++this.#newest;
    this.#changed.delete(name);
    this.#wanted.add(name);
  }

  #newsOf(name: string): News[] {
    const room = this.#rooms.get(name);
    if (!room) return [];
    // Before the first news nobody has heard of those who are gone again.
    const changes = [...room.changes].filter(([, put]) => put !== undefined || room.version > 0);
    room.changes.clear();
    return chunks(changes, MAX_CHANGES).map((chunk) => {
      const base = room.version;
      room.version = ++this.#newest;
      const puts = chunk.flatMap(([, put]) => put ?? []);
      const gone = chunk.flatMap(([peer, put]) => (put ? [] : [peer]));
      return { type: "news", base, version: room.version, puts, gone };
    });
  }
}

function snapshots(version: number, entries: readonly OwnEntry[]): Snapshot[] {
  if (version === 0) return [];
  const puts = entries.map(({ peer, entry }) => ({ peer, entry, isNews: false }));
  const parts = puts.length === 0 ? [[]] : chunks(puts, MAX_CHANGES).slice(0, MAX_SNAPSHOT_PARTS);
  return parts.map((part, i) => ({
    type: "snapshot",
    version,
    part: i,
    parts: parts.length,
    puts: part,
  }));
}

export function chunks<Item>(items: readonly Item[], length: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, i) =>
    items.slice(i * length, (i + 1) * length),
  );
}
