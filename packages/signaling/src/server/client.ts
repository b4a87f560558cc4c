import type { ConnectionId } from "../delivery.ts";
import type { Link } from "./link.ts";
import type { SocketOwner } from "./linked-socket.ts";

/** Who has clients. */
export interface ClientHost {
  hear(connection: ConnectionId, data: Buffer, isBinary: boolean): void;
  gone(connection: ConnectionId, address: string): void;
}

/** What a client's reading is stopped with; a WebSocket of `ws` has it. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/**
 * So much is read from one client before the others have their turn. Node would go on with one socket for 2 MiB, which a
 * burst of announces takes milliseconds of; what a single read brought is always heard.
 */
const TURN_BYTES = 32 * 1024;

/** One client, as its socket knows it. */
export class Client implements SocketOwner {
  readonly #connection: ConnectionId;
  readonly #socket: Flow;
  readonly #link: Link;
  readonly #address: string;
  readonly #host: ClientHost;
  #turnBytes = 0;

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
    this.#host.hear(this.#connection, data, isBinary);
    this.#turnBytes += data.length;
    if (this.#turnBytes < TURN_BYTES) return;
    this.#turnBytes = Number.NEGATIVE_INFINITY;
    this.#socket.pause();
    setImmediate(() => {
      this.#turnBytes = 0;
      this.#socket.resume();
    });
  }

  pong(): void {
    this.#link.heard();
  }

  closed(): void {
    this.#host.gone(this.#connection, this.#address);
  }
}
