import type { ProcessId } from "../elsewhere.ts";
import type { Scope } from "./cluster-messages.ts";

/** The names of the channels of one set of processes. */
export class Channels {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Who is alive. */
  get all(): string {
    return `${this.#prefix}:all`;
  }

  /** Who is in a room. A process listens while a member of it is connected here. */
  room(room: string): string {
    return `${this.#prefix}:room:${room}`;
  }

  /** What is meant for one process. */
  process(id: ProcessId): string {
    return `${this.#prefix}:process:${id}`;
  }

  /** The room that a channel is about; undefined: none. */
  roomOf(channel: string): string | undefined {
    const start = this.room("");
    return channel.startsWith(start) ? channel.slice(start.length) : undefined;
  }

  scopeOf(channel: string): Scope {
    if (channel === this.all) return "all";
    return this.roomOf(channel) === undefined ? "process" : "room";
  }
}
