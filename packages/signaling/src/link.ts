import { SIGNAL_CLOSE_CODES, type SignalCloseReason } from "@rivulet/sdk/protocol";

/** What a link needs of a WebSocket; `ws` has it. */
export interface LinkSocket {
  readonly readyState: number;
  /** Bytes that were sent and have not left the process. */
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a goodbye, and frees what waits for it. */
  terminate(): void;
}

export interface LinkLimits {
  readonly maxBufferedBytes: number;
  readonly closeTimeoutMs: number;
}

/** `WebSocket.OPEN` of the standard. */
const OPEN = 1;

/** One client's socket, kept from holding the server up: it is read from or it goes. */
export class Link {
  readonly #socket: LinkSocket;
  readonly #limits: LinkLimits;
  #heard = true;
  #deadline: NodeJS.Timeout | undefined;

  constructor(socket: LinkSocket, limits: LinkLimits) {
    this.#socket = socket;
    this.#limits = limits;
  }

  /** Returns false when the client reads too slowly, and has been cut off for it. */
  send(text: string): boolean {
    if (this.#socket.readyState !== OPEN) return true;
    if (this.#socket.bufferedAmount > this.#limits.maxBufferedBytes) {
      // No goodbye: it would wait behind all that the client does not read.
      this.#socket.terminate();
      return false;
    }
    this.#socket.send(text);
    return true;
  }

  /** A sign of life came in. */
  heard(): void {
    this.#heard = true;
  }

  /** Asks for a sign of life; returns false when the last one was not given, and the client has been cut off for it. */
  beat(): boolean {
    if (!this.#heard) {
      this.#socket.terminate();
      return false;
    }
    this.#heard = false;
    if (this.#socket.readyState === OPEN) this.#socket.ping();
    return true;
  }

  /** A client that ignores the goodbye is cut off after `closeTimeoutMs`. */
  close(reason: SignalCloseReason): void {
    this.#socket.close(SIGNAL_CLOSE_CODES[reason], reason);
    this.#deadline ??= setTimeout(() => this.#socket.terminate(), this.#limits.closeTimeoutMs);
  }

  /** The socket is closed: nothing is left to wait for. */
  closed(): void {
    clearTimeout(this.#deadline);
  }
}
