import { SIGNAL_CLOSE_CODES, type SignalCloseReason } from "@rivulet/sdk/protocol";
import type { WireText } from "../wire-text.ts";
import { textFrame } from "./text-frame.ts";

/** What a link needs of a WebSocket; `ws` has it. */
export interface LinkSocket {
  readonly readyState: number;
  /** Bytes that were sent and have not left the process. */
  readonly bufferedAmount: number;
  ping(): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a goodbye, and frees what waits for it. */
  terminate(): void;
}

/** What it needs of the TCP or TLS socket beneath: the WebSocket writes whole frames to it, and so does the link. */
export interface RawSocket {
  write(text: string, encoding: "latin1"): unknown;
}

export interface LinkLimits {
  readonly maxBufferedBytes: number;
  readonly closeTimeoutMs: number;
}

/** `WebSocket.OPEN` of the standard. */
const OPEN = 1;
/** As much is written without a buffer: Node copies text of up to 16 KiB to its stack. */
const WRITE_BYTES = 16 * 1024;

/** One client's socket, kept from holding the server up: it is read from or it goes. */
export class Link {
  readonly #socket: LinkSocket;
  readonly #raw: RawSocket;
  readonly #limits: LinkLimits;
  /** Whole frames, one byte a character, that wait for the end of the turn. */
  #pending = "";
  #heard = true;
  #deadline: NodeJS.Timeout | undefined;

  constructor(parts: { readonly socket: LinkSocket; readonly raw: RawSocket; readonly limits: LinkLimits }) {
    this.#socket = parts.socket;
    this.#raw = parts.raw;
    this.#limits = parts.limits;
  }

  /** Whether `flush` has something to write. */
  get hasPending(): boolean {
    return this.#pending !== "";
  }

  /**
   * What is said to one client within one turn of the event loop leaves in one write: a system call is dearer than a
   * message. Returns false when the client reads too slowly, and has been cut off for it.
   */
  send(text: WireText): boolean {
    if (this.#socket.readyState !== OPEN) return true;
    if (this.#socket.bufferedAmount + this.#pending.length > this.#limits.maxBufferedBytes) {
      // No goodbye: it would wait behind all that the client does not read.
      this.#pending = "";
      this.#socket.terminate();
      return false;
    }
    this.#pending += textFrame(text);
    if (this.#pending.length >= WRITE_BYTES) this.flush();
    return true;
  }

  flush(): void {
    if (this.#pending === "") return;
    const frames = this.#pending;
    this.#pending = "";
    if (this.#socket.readyState === OPEN) this.#raw.write(frames, "latin1");
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
    this.flush();
    this.#socket.close(SIGNAL_CLOSE_CODES[reason], reason);
    this.#deadline ??= setTimeout(() => this.#socket.terminate(), this.#limits.closeTimeoutMs);
  }

  /** The socket is closed: nothing is left to wait for. */
  closed(): void {
    this.#pending = "";
    clearTimeout(this.#deadline);
  }
}
