import type { ProcessId } from "../elsewhere.ts";
import { HeldRoom } from "./held-room.ts";

/** Beats of this process in which nothing was heard of another, after which that one is taken for dead. */
const MAX_SILENT_BEATS = 3;
/** Beats between two requests for the same snapshot. */
const ASK_AGAIN_BEATS = 2;
/** More processes than this on one bus are an error, and would cost memory without bound. */
const MAX_PROCESSES = 64;

/** Another process that is alive, and what it has told. */
export interface Home {
  readonly id: ProcessId;
  /** How often it had found the bus when it last said so; undefined before its first beat. */
  epoch: number | undefined;
  silentBeats: number;
  readonly rooms: Map<string, HeldRoom>;
  /** Rooms of which something is missing, and the beats since a snapshot was asked for; undefined: not yet. */
  readonly behind: Map<string, number | undefined>;
}

/** The other processes. Keeps books, and says nothing. */
export class Homes {
  readonly #homes = new Map<ProcessId, Home>();

  get all(): Iterable<Home> {
    return this.#homes.values();
  }

  get count(): number {
    return this.#homes.size;
  }

  has(id: ProcessId): boolean {
    return this.#homes.has(id);
  }

  /** Something came from this process; undefined when there are too many of them. */
  hear(id: ProcessId): Home | undefined {
    const known = this.#homes.get(id);
    if (!known && this.#homes.size >= MAX_PROCESSES) return undefined;
    const home = known ?? { id, epoch: undefined, silentBeats: 0, rooms: new Map(), behind: new Map() };
    this.#homes.set(id, home);
    home.silentBeats = 0;
    return home;
  }

  /**
   * Returns those that have been silent for too long. Silence is counted in beats of this process, not in time: one that
   * was itself stopped for a while must not take everybody else for dead.
   */
  beat(): Home[] {
    const dead: Home[] = [];
    for (const home of this.#homes.values()) {
      home.silentBeats += 1;
      if (home.silentBeats > MAX_SILENT_BEATS) dead.push(home);
      for (const [room, beats] of home.behind) if (beats !== undefined) home.behind.set(room, beats + 1);
    }
    return dead;
  }

  remove(id: ProcessId): Home | undefined {
    const home = this.#homes.get(id);
    this.#homes.delete(id);
    return home;
  }

  forgetRoom(room: string): void {
    for (const home of this.#homes.values()) {
      home.rooms.delete(room);
      home.behind.delete(room);
    }
  }

  /** Who else says that this peer is with them. */
  with(room: string, peer: string): Home[] {
    return [...this.#homes.values()].filter((home) => home.rooms.get(room)?.peers.has(peer));
  }

  /** Memberships at all of them together. */
  get members(): number {
    let members = 0;
    for (const home of this.#homes.values())
      for (const room of home.rooms.values()) members += room.peers.size;
    return members;
  }
}

export function heldRoom(home: Home, room: string): HeldRoom {
  const held = home.rooms.get(room) ?? new HeldRoom();
  home.rooms.set(room, held);
  return held;
}

/** Rooms whose snapshot is to be asked for now; they count as asked for. */
export function takeRoomsToAskFor(home: Home): string[] {
  const due = [...home.behind].filter(([, beats]) => beats === undefined || beats >= ASK_AGAIN_BEATS);
  for (const [room] of due) home.behind.set(room, 0);
  return due.map(([room]) => room);
}
