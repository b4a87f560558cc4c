import type { Delivery } from "../delivery.ts";
import type { Elsewhere, Entry, ProcessId } from "../elsewhere.ts";
import { Channels } from "./channels.ts";
import { decodeClusterMessage, MAX_LISTED_ROOMS, opening } from "./cluster-messages.ts";
import type { ClusterRooms } from "./cluster-rooms.ts";
import { type Home, Homes, takeRoomsToAskFor } from "./homes.ts";
import { Listening } from "./listening.ts";
import { type BackplaneEffect, Outbox } from "./outbox.ts";
import { chunks, OwnRooms } from "./own-rooms.ts";

/** Beats in which all that is held of the others is compared with what they have: lost messages heal by then. */
const ROUND_BEATS = 30;

export interface ClusterOptions {
  /** 16 lower-case hex digits, drawn anew each time the process starts: one that was restarted is another one. */
  readonly id: ProcessId;
  /** How the names of the channels begin: processes of another prefix share nothing with this one. */
  readonly prefix: string;
}

/**
 * Rooms that span processes. Each process tells the others who of a room is connected to it, and keeps what they tell;
 * the bus between them stores nothing. Decides, and does nothing: `take` returns what is to be done.
 */
export class Cluster implements Elsewhere {
  readonly #id: ProcessId;
  readonly #channels: Channels;
  readonly #rooms: ClusterRooms;
  readonly #own = new OwnRooms();
  readonly #homes = new Homes();
  readonly #listening: Listening;
  readonly #outbox: Outbox;
  /** Own rooms that this round has still to compare. */
  #round: string[] = [];
  #epoch = 0;
  #hasLeft = false;
  #heard = 0;
  #ignored = 0;

  constructor(options: ClusterOptions, rooms: ClusterRooms) {
    this.#id = options.id;
    this.#channels = new Channels(options.prefix);
    this.#rooms = rooms;
    this.#outbox = new Outbox(options.id);
    this.#listening = new Listening({ own: this.#own, homes: this.#homes, rooms });
    this.#outbox.listen(this.#channels.all);
    this.#outbox.listen(this.#channels.process(options.id));
  }

  /** Whether `flush` has something to do; it may wait a few ms, so that what happens at once is said at once. */
  get hasNews(): boolean {
    return this.#outbox.isUp && (this.#own.hasSomethingToSay || this.#listening.hasRequests);
  }

  opened(room: string): void {
    if (this.#own.has(room)) return;
    this.#own.open(room);
    this.#outbox.listen(this.#channels.room(room));
  }

  /** The members elsewhere are forgotten with it: nobody is told that they are gone. */
  emptied(room: string): void {
    if (!this.#own.has(room)) return;
    this.#sayNews();
    this.#own.close(room);
    this.#homes.forgetRoom(room);
    this.#outbox.ignore(this.#channels.room(room));
  }

  put(room: string, peer: string, entry: Entry): void {
    this.#own.put(room, peer, entry);
  }

  gone(room: string, peer: string): void {
    this.#own.gone(room, peer);
    this.#listening.uncovered(room, peer);
  }

  /** What was joined before is said first, so that the hearer knows the members that it is about. */
  carry(home: ProcessId, payload: Entry): boolean {
    if (!this.#homes.has(home)) return false;
    this.#sayNews();
    return this.#outbox.carry(this.#channels.process(home), payload);
  }

  /** A subscription has begun: what is published from now on is heard. */
  subscribed(channel: string): void {
    const room = this.#channels.roomOf(channel);
    if (room !== undefined && this.#own.has(room)) this.#outbox.say(channel, { type: "who" });
    if (channel === this.#channels.all) this.#outbox.say(channel, { type: "beat", epoch: this.#epoch });
  }

  heard(channel: string, text: string, now: number): Delivery[] {
    if (this.#hasLeft || text.startsWith(opening(this.#id))) return [];
    const room = this.#channels.roomOf(channel);
    const heard = decodeClusterMessage(text, this.#channels.scopeOf(channel));
    const home = heard && heard.home !== this.#id ? this.#homes.hear(heard.home) : undefined;
    if (!heard || !home) {
      this.#ignored += 1;
      return [];
    }
    this.#heard += 1;
    const { deliveries, answer, compare } = this.#listening.hear({ home, room, message: heard.message, now });
    if (answer) this.#outbox.say(this.#channels.process(home.id), answer);
    if (compare) this.#compare(home, this.#own.names);
    this.#askFor(home);
    return deliveries;
  }

  /** To be called about once a second. */
  tick(): void {
    for (const { id } of this.#homes.beat()) this.#listening.lost(id);
    this.#own.beat();
    this.#outbox.say(this.#channels.all, { type: "beat", epoch: this.#epoch });
    if (this.#round.length === 0) this.#round = [...this.#own.names];
    const slice = this.#round.splice(0, Math.ceil(this.#own.count / ROUND_BEATS));
    for (const home of this.#homes.all) {
      this.#askFor(home);
      this.#compare(
        home,
        slice.filter((room) => this.#own.has(room)),
      );
    }
  }

  /** Says what has changed since the last time. */
  flush(now: number): void {
    if (!this.#outbox.isUp) return;
    this.#sayNews();
    for (const { home, members } of this.#listening.takeRequests()) {
      for (const some of chunks(members, MAX_LISTED_ROOMS)) {
        this.#outbox.say(this.#channels.process(home), { type: "again", members: some });
      }
    }
    const snapshots = this.#own.takeSnapshots((room) => this.#rooms.entries(room, now));
    for (const { room, message } of snapshots) this.#outbox.say(this.#channels.room(room), message);
  }

  /** The bus is there, and every subscription that was asked for. Messages may have been lost on both ways. */
  linkUp(): void {
    if (this.#outbox.isUp || this.#hasLeft) return;
    this.#outbox.isUp = true;
    this.#epoch += 1;
    this.#outbox.say(this.#channels.all, { type: "beat", epoch: this.#epoch });
    for (const home of this.#homes.all) this.#compare(home, this.#own.names);
  }

  /** What the others told is kept until their silence has lasted too long. */
  linkDown(): void {
    this.#outbox.isUp = false;
  }

  /** The process stops: the others need not wait for its silence. Nothing is said or heard afterwards. */
  goodbye(): void {
    this.#outbox.say(this.#channels.all, { type: "goodbye" });
    this.#outbox.isUp = false;
    this.#hasLeft = true;
  }

  /** What is to be done with the bus since the last call. */
  take(): readonly BackplaneEffect[] {
    return this.#outbox.take();
  }

  stats() {
    return {
      isUp: this.#outbox.isUp,
      /** Other processes that are alive. */
      processes: this.#homes.count,
      /** Messages since the start; those ignored were of other versions, or made no sense. */
      published: this.#outbox.published,
      heard: this.#heard,
      ignored: this.#ignored,
    };
  }

  /** Not while there is no bus: what is then to be said waits. */
  #sayNews(): void {
    if (!this.#outbox.isUp) return;
    for (const { room, message } of this.#own.takeNews())
      this.#outbox.say(this.#channels.room(room), message);
  }

  #compare(home: Home, rooms: Iterable<string>): void {
    const versions = [...rooms].map((room) => [room, home.rooms.get(room)?.version ?? 0] as const);
    for (const some of chunks(versions, MAX_LISTED_ROOMS)) {
      this.#outbox.say(this.#channels.process(home.id), { type: "check", rooms: some });
    }
  }

  #askFor(home: Home): void {
    if (!this.#outbox.isUp) return;
    for (const rooms of chunks(takeRoomsToAskFor(home), MAX_LISTED_ROOMS)) {
      this.#outbox.say(this.#channels.process(home.id), { type: "ask", rooms });
    }
  }
}
