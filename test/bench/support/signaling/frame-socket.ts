import { connect, type Socket } from "node:net";
import { CLOSE, clientFrame, PING, PONG, upgradeRequest } from "./frames.ts";

export interface FrameListener {
  /** A message, or a pong: bytes[start, end), which are overwritten as soon as this returns. */
  frame(bytes: Buffer, start: number, end: number, opcode: number): void;
  closed(): void;
}

export interface Destination {
  readonly port: number;
  readonly path: string;
  /** Loopback address to come from. */
  readonly from: string;
}

/** An upgrade that was answered with something else than 101. */
export class UpgradeRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The upgrade was answered with ${status}.`);
    this.status = status;
  }
}

const READ_BYTES = 256 * 1024;
/** One for all: a read is handled before the next one begins. */
const readBuffer = Buffer.allocUnsafe(READ_BYTES);
const HEAD_END = "\r\n\r\n";

/** A WebSocket client that is far cheaper than any server: it allocates nothing for a frame, and decodes nothing. */
export class FrameSocket {
  readonly #socket: Socket;
  readonly #listener: FrameListener;
  readonly #path: string;
  #carry: Buffer | undefined;
  #isOpen = false;
  #settle: { resolve(): void; reject(error: Error): void } | undefined;

  constructor({ port, path, from }: Destination, listener: FrameListener) {
    this.#listener = listener;
    this.#path = path;
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      localAddress: from,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length: number) => {
          this.#read(length);
          return true;
        },
      },
    });
    this.#socket.once("connect", () => this.#socket.write(upgradeRequest(this.#path, port)));
    let failure: Error | undefined;
    this.#socket.once("error", (error) => {
      failure = error;
    });
    this.#socket.once("close", () => {
      this.#fail(failure ?? new Error("The connection was closed."));
      if (this.#isOpen) listener.closed();
      this.#isOpen = false;
    });
  }

  /** Settles when the WebSocket is open. Rejects with UpgradeRefused, or with what the network said. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that the server has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  write(frame: Buffer): void {
    this.#socket.write(frame);
  }

  /** From now on nothing is read. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }

  #read(length: number): void {
    const fresh = readBuffer.subarray(0, length);
    const bytes = this.#carry === undefined ? fresh : Buffer.concat([this.#carry, fresh]);
    const at = this.#isOpen ? this.#frames(bytes, 0) : this.#head(bytes);
    // A copy: the buffer is everybody's.
    this.#carry = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }

  #head(bytes: Buffer): number {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return 0;
    const status = Number(bytes.toString("latin1", 9, 12));
    if (status !== 101) {
      this.#fail(new UpgradeRefused(status));
      this.#socket.destroy();
      return bytes.length;
    }
    this.#isOpen = true;
    this.#settle?.resolve();
    this.#settle = undefined;
    return this.#frames(bytes, end + HEAD_END.length);
  }

  /** Returns where the first frame begins that is not here as a whole. */
  #frames(bytes: Buffer, from: number): number {
    const end = bytes.length;
    let at = from;
    while (end - at >= 2) {
      let length = (bytes[at + 1] ?? 0) & 0x7f;
      let body = at + 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        body = at + 4;
      } else if (length === 127) {
        if (end - at < 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        body = at + 10;
      }
      if (end - body < length) break;
      this.#take(bytes, body, body + length, (bytes[at] ?? 0) & 0x0f);
      at = body + length;
    }
    return at;
  }

  #take(bytes: Buffer, start: number, end: number, opcode: number): void {
    if (opcode === PING) this.write(clientFrame(bytes.subarray(start, end), PONG));
    else if (opcode === CLOSE) this.#socket.destroy();
    else this.#listener.frame(bytes, start, end, opcode);
  }
}
