import { addressKey } from "../access/address.ts";

/** Sockets of one address beside its WebSockets: handshakes, health checks, manifests. */
const HEADROOM = 16;

/** What this needs of a TCP socket; Node's has it. */
export interface GuardedSocket {
  readonly remoteAddress?: string | undefined;
  destroy(): unknown;
  on(event: "close", listener: () => void): unknown;
}

/**
 * Bounds the sockets of one address, whatever they are for: the door sees those alone that ask for a WebSocket, and one
 * address with sockets that ask for nothing would otherwise take all that the server accepts.
 */
export class SocketGuard {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(maxConnectionsPerAddress: number) {
    this.#most = maxConnectionsPerAddress + HEADROOM;
  }

  /** Addresses with an open socket. */
  get addresses(): number {
    return this.#open.size;
  }

  admit(socket: GuardedSocket): void {
    const address = addressKey(socket.remoteAddress ?? "");
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#most) {
      socket.destroy();
      return;
    }
    this.#open.set(address, open + 1);
    socket.on("close", () => this.#left(address));
  }

  #left(address: string): void {
    const open = (this.#open.get(address) ?? 1) - 1;
    if (open > 0) this.#open.set(address, open);
    else this.#open.delete(address);
  }
}
