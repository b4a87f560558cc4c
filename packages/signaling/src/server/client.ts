import type { Incoming } from "../conversation.ts";
import type { ConnectionId } from "../delivery.ts";
import type { Link } from "./link.ts";
import type { SocketOwner } from "./linked-socket.ts";

/** Who has clients. */
export interface ClientHost {
  /** Another number in each turn of the event loop in which something was sent. */
  readonly turn: number;
  hear(connection: ConnectionId, incoming: Incoming): void;
  gone(connection: ConnectionId, address: string): void;
}

/** What a client's reading is stopped with; a WebSocket of `ws` has it. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * So much is heard from one client before the others have their turn, in bytes: a few announces with offers. Node would
 * read 2 MiB from one socket at a stretch, which as announces takes tens of milliseconds.
 */
const TURN_BYTES = 8 * 1024;
/** What a message costs however short it is, in bytes. */
const MESSAGE_BYTES = 256;

/** One client, as its socket knows it. */
export class Client implements SocketOwner {
  readonly #connection: ConnectionId;
  readonly #socket: Flow;
  readonly #link: Link;
  readonly #address: string;
  readonly #host: ClientHost;
  #turn = 0;
  #turnBytes = 0;
  /** Between turns: what a read brought beyond the last one. No more is read, so it is never more than that. */
  #held: Incoming[] | undefined;

  constructor(parts: {
    readonly connection: ConnectionId;
    readonly socket: Flow;
    readonly link: Link;
    readonly address: string;
    readonly host: ClientHost;
  }) {
    this.#connection = parts.connection;
    this.#socket = parts.socket;
    this.#link = parts.link;
    this.#address = parts.address;
    this.#host = parts.host;
  }

  message(data: Buffer, isBinary: boolean): void {
    this.#link.heard();
    const incoming = { data, isBinary };
    if (this.#held) this.#held.push(incoming);
    else if (this.#isTurnOver(incoming)) this.#wait([]);
  }

  pong(): void {
    this.#link.heard();
  }

  closed(): void {
    if (this.#held) this.#held.length = 0;
    this.#host.gone(this.#connection, this.#address);
  }

  #isTurnOver(incoming: Incoming): boolean {
    this.#host.hear(this.#connection, incoming);
    const { turn } = this.#host;
    if (turn !== this.#turn) this.#turnBytes = 0;
    this.#turn = turn;
    this.#turnBytes += incoming.data.length + MESSAGE_BYTES;
    return this.#turnBytes >= TURN_BYTES;
  }

  #wait(held: Incoming[]): void {
    this.#held = held;
    this.#socket.pause();
    setImmediate(() => this.#nextTurn(held));
  }

  #nextTurn(held: Incoming[]): void {
    this.#turnBytes = 0;
    for (const [at, incoming] of held.entries())
      if (this.#isTurnOver(incoming)) return this.#wait(held.slice(at + 1));
    this.#held = undefined;
    this.#socket.resume();
  }
}
