import type { ConnectionId } from "../delivery.ts";
import type { Link } from "./link.ts";
import type { SocketOwner } from "./linked-socket.ts";

/** Who has clients. */
export interface ClientHost {
  hear(connection: ConnectionId, data: Buffer, isBinary: boolean): void;
  gone(connection: ConnectionId, address: string): void;
}

/** One client, as its socket knows it. */
export class Client implements SocketOwner {
  readonly #connection: ConnectionId;
  readonly #link: Link;
  readonly #address: string;
  readonly #host: ClientHost;

  constructor(parts: {
    readonly connection: ConnectionId;
    readonly link: Link;
    readonly address: string;
    readonly host: ClientHost;
  }) {
    this.#connection = parts.connection;
    this.#link = parts.link;
    this.#address = parts.address;
    this.#host = parts.host;
  }

  message(data: Buffer, isBinary: boolean): void {
    this.#link.heard();
    this.#host.hear(this.#connection, data, isBinary);
  }

  pong(): void {
    this.#link.heard();
  }

  closed(): void {
    this.#host.gone(this.#connection, this.#address);
  }
}
