import type { Delivery } from "../delivery.ts";
import type { ProcessId } from "../elsewhere.ts";
import type { ClusterMessage, News, RoomVersion, Snapshot } from "./cluster-messages.ts";
import type { ClusterRooms } from "./cluster-rooms.ts";
import type { Change } from "./held-room.ts";
import { type Home, type Homes, heldRoom } from "./homes.ts";
import type { OwnRooms } from "./own-rooms.ts";

export interface Incoming {
  readonly home: Home;
  /** The room whose channel it came on. */
  readonly room: string | undefined;
  readonly message: ClusterMessage;
  readonly now: number;
}

/** What a message leads to, besides what it changes here. */
export interface Outcome {
  readonly deliveries: Delivery[];
  readonly answer?: ClusterMessage;
  /** Messages may have been lost on the way from there: what is held is to be compared with what is there. */
  readonly compare?: boolean;
}

interface Parts {
  readonly own: OwnRooms;
  readonly homes: Homes;
  readonly rooms: ClusterRooms;
}

type RoomMember = readonly [room: string, peer: string];

const NOTHING: Outcome = { deliveries: [] };

/** What each message of another process means for what is known of it. */
export class Listening {
  readonly #own: OwnRooms;
  readonly #homes: Homes;
  readonly #rooms: ClusterRooms;
  readonly #requests = new Map<ProcessId, RoomMember[]>();

  constructor({ own, homes, rooms }: Parts) {
    this.#own = own;
    this.#homes = homes;
    this.#rooms = rooms;
  }

  hear({ home, room, message, now }: Incoming): Outcome {
    switch (message.type) {
      case "beat": {
        const compare = home.epoch !== message.epoch;
        home.epoch = message.epoch;
        return { deliveries: [], compare };
      }
      case "goodbye":
        this.lost(home.id);
        return NOTHING;
      case "who":
        if (room !== undefined) this.#own.want(room);
        return NOTHING;
      case "news":
      case "snapshot":
        // A subscription ends later than the room.
        if (room === undefined || !this.#own.has(room)) return NOTHING;
        return { deliveries: this.#learn(home, { room, message, now }) };
      case "check":
        return this.#versions(message.rooms.filter(([each, held]) => held !== this.#own.version(each)));
      case "versions":
        for (const each of message.rooms) this.#compare(home, each, message.at);
        return NOTHING;
      case "ask":
        for (const each of message.rooms) this.#own.want(each);
        return this.#versions(message.rooms.filter((each) => !this.#own.has(each)).map((each) => [each, 0]));
      case "again":
        this.#repeat(message.members, now);
        return NOTHING;
      case "carry":
        return { deliveries: this.#rooms.carried(home.id, message.payload, now) };
      default:
        return message satisfies never;
    }
  }

  lost(id: ProcessId): void {
    const home = this.#homes.remove(id);
    if (!home) return;
    home.behind.clear();
    this.#requests.delete(id);
    this.#rooms.lost(id);
    for (const [room, held] of home.rooms) for (const peer of held.peers) this.uncovered(room, peer);
  }

  /**
   * A peer is gone from one process, and another had said that it is there: it moved, and the two messages crossed. Who
   * keeps the rooms knows one place of a peer only, so the other process is asked to say it once more. In rooms of `w:`
   * equal names at two processes are two members.
   */
  uncovered(room: string, peer: string): void {
    if (!room.startsWith("r:")) return;
    for (const { id } of this.#homes.with(room, peer)) {
      const members = this.#requests.get(id) ?? [];
      members.push([room, peer]);
      this.#requests.set(id, members);
    }
  }

  get hasRequests(): boolean {
    return this.#requests.size > 0;
  }

  takeRequests(): { readonly home: ProcessId; readonly members: readonly RoomMember[] }[] {
    const requests = [...this.#requests].map(([home, members]) => ({
      home,
      members: members.filter(([room]) => this.#own.has(room)),
    }));
    this.#requests.clear();
    return requests;
  }

  #learn(
    home: Home,
    heard: { readonly room: string; readonly message: News | Snapshot; readonly now: number },
  ): Delivery[] {
    const { room, message, now } = heard;
    const held = heldRoom(home, room);
    const change = message.type === "news" ? held.news(message) : held.snapshot(message);
    if (change === "old") return [];
    if (change === "behind") {
      markBehind(home, room);
      return [];
    }
    if (held.version === message.version) home.behind.delete(room);
    return this.#apply(home, change, { room, now });
  }

  #apply(
    home: Home,
    { puts, gone }: Change,
    { room, now }: { readonly room: string; readonly now: number },
  ): Delivery[] {
    this.#forget(home, room, gone);
    return puts.flatMap((put) => this.#rooms.put({ home: home.id, room, ...put, now }));
  }

  #forget(home: Home, room: string, gone: readonly string[]): void {
    for (const peer of gone) {
      this.#rooms.gone(home.id, room, peer);
      this.uncovered(room, peer);
    }
  }

  #versions(asked: readonly RoomVersion[]): Outcome {
    if (asked.length === 0) return NOTHING;
    const rooms = asked.map(([room]) => [room, this.#own.version(room)] as const);
    return { deliveries: [], answer: { type: "versions", at: this.#own.newest, rooms } };
  }

  /** What the process said before this message has come already: the bus keeps the order. */
  #compare(home: Home, [room, version]: RoomVersion, at: number): void {
    if (!this.#own.has(room)) return;
    const held = heldRoom(home, room);
    if (version > held.version) markBehind(home, room);
    if (version !== 0 || held.version > at) return;
    home.behind.delete(room);
    this.#forget(home, room, held.empty(at));
  }

  #repeat(members: readonly RoomMember[], now: number): void {
    for (const room of new Set(members.map(([each]) => each))) {
      const peers = new Set(members.filter(([each]) => each === room).map(([, peer]) => peer));
      if (!this.#own.has(room)) continue;
      for (const own of this.#rooms.entries(room, now)) if (peers.has(own.peer)) this.#own.repeat(room, own);
    }
  }
}

function markBehind(home: Home, room: string): void {
  if (!home.behind.has(room)) home.behind.set(room, undefined);
}
